"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from xinrong.pages.account_security import (
    enrolling,
    identity_service,
    overview,
    password,
    verifying,
)
from xinrong.pages.bank import file, opening, register, search
from xinrong.pages.department import batches, quality, receiving, uploads
from xinrong.pages.operator import identity, retract
from xinrong.pages.operator import quality as quality_board
from xinrong.pages.proof import checking, claims
from xinrong.pages.public import catalogue, home, signing

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", signing.sign_in, name="sign-in"),
    path("account/security", overview.overview, name="security"),
    path("account/security/add", enrolling.enrol, name="security-enrol"),
    path("account/security/add/passkey", enrolling.passkey, name="security-add-passkey"),
    path(
        "account/security/add/passkey/options",
        enrolling.passkey_options,
        name="security-add-passkey-options",
    ),
    path("account/security/put-off", enrolling.put_off, name="security-put-off"),
    path("account/security/verify", verifying.verify, name="security-verify"),
    path("account/security/verify/passkey", verifying.passkey, name="security-passkey"),
    path(
        "account/security/verify/passkey/options",
        verifying.passkey_options,
        name="security-passkey-options",
    ),
    path("account/security/codes", overview.codes, name="security-codes"),
    path("account/security/factors/<int:number>/remove", overview.remove, name="security-remove"),
    path("account/security/sessions/<int:number>/end", overview.end, name="security-end"),
    path("account/security/sessions/end", overview.end_others, name="security-end-others"),
    path("account/security/password", password.change, name="security-password"),
    path("sign-in/with/<slug:service>", identity_service.begin, name="identity-begin"),
    path("sign-in/with/<slug:service>/back", identity_service.back, name="identity-back"),
    path(
        "account/security/identity/<slug:service>",
        identity_service.begin_linking,
        name="security-link",
    ),
    path("language", set_language, name="set_language"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("catalogue", catalogue.categories, name="catalogue"),
    path("catalogue/feeds/<slug:feed>", catalogue.feed, name="feed"),
    path("catalogue/<slug:category>", catalogue.category, name="category"),
    path("search", search.search, name="search"),
    path("enterprises/<str:code>/", file.basic, name="basic"),
    path("enterprises/<str:code>/open", opening.choose, name="open-file"),
    path("enterprises/<str:code>/close", opening.close, name="close-file"),
    path("enterprises/<str:code>/register/", register.register, name="register"),
    path("enterprises/<str:code>/comprehensive/", file.comprehensive, name="comprehensive"),
    path("enterprises/<str:code>/cube/", file.cube, name="cube"),
    path("enterprises/<str:code>/signs/", file.signs, name="signs"),
    path("uploads", uploads.uploads, name="uploads"),
    path("uploads/new", uploads.new, name="new-upload"),
    path("uploads/start", receiving.start, name="start-upload"),
    path("uploads/<slug:key>", uploads.upload, name="upload"),
    path("uploads/<slug:key>/offset", receiving.offset, name="upload-offset"),
    path("uploads/<slug:key>/chunk", receiving.chunk, name="upload-chunk"),
    path("uploads/<slug:key>/finish", receiving.finish, name="upload-finish"),
    path("uploads/<slug:key>/columns", uploads.rename, name="upload-columns"),
    path("uploads/<slug:key>/confirm", uploads.confirm, name="upload-confirm"),
    path("uploads/<slug:key>/discard", uploads.discard, name="upload-discard"),
    path("uploads/<slug:key>/progress", uploads.progress, name="upload-progress"),
    path("quality", quality.mend, name="quality-mend"),
    path("quality/board", quality_board.board, name="quality"),
    path("quality/board.csv", quality_board.export, name="quality-export"),
    path("quality/coverage", quality_board.coverage, name="quality-coverage"),
    path("quality/feeds/<slug:feed>", quality.feed, name="quality-feed"),
    path("quality/alarms/<int:number>", quality.acknowledge, name="quality-acknowledge"),
    path("batches", batches.batches, name="batches"),
    path("batches/<int:batch>", batches.batch, name="batch"),
    path("batches/<int:batch>/rejects", batches.rejects, name="rejects"),
    path("batches/<int:batch>/retract", retract.retract, name="retract"),
    path("identity", identity.queue, name="identity"),
    path("identity/<int:number>/decide", identity.decide, name="identity-decide"),
    path("identity/undo", identity.undo, name="identity-undo"),
    path("identity/judgements.csv", identity.export, name="identity-judgements"),
    path("represent", claims.claims, name="represent"),
    path("represent/enterprises/<str:code>", claims.enterprise, name="represent-enterprise"),
    path("represent/claims/<int:number>", claims.claim, name="representation"),
    path("represent/claims/<int:number>/papers", claims.paper, name="representation-paper"),
    path("represent/claims/<int:number>/hand-in", claims.hand_in, name="representation-hand-in"),
    path("represent/claims/<int:number>/code", claims.enter, name="representation-code"),
    path("represent/claims/<int:number>/identity", claims.identify, name="representation-identity"),
    path("represent/claims/<int:number>/way", claims.change_way, name="representation-way"),
    path("represent/claims/<int:number>/withdraw", claims.withdraw, name="representation-withdraw"),
    path("claims", checking.queue, name="claims"),
    path("claims/papers/<int:number>", checking.paper, name="claims-paper"),
    path("claims/<str:code>/", checking.case, name="claims-case"),
    path("claims/<str:code>/decide", checking.decide, name="claims-decide"),
    path("claims/<str:code>/<int:number>/check", checking.check, name="claims-check"),
    path("claims/<str:code>/<int:number>/back", checking.send_back, name="claims-send-back"),
    path("claims/<str:code>/<int:number>/refuse", checking.refuse, name="claims-refuse"),
    path("claims/<str:code>/<int:number>/letter", checking.letter, name="claims-letter"),
    path("claims/<str:code>/<int:number>/posted", checking.posted, name="claims-posted"),
]
