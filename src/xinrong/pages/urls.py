"""The addresses of the pages."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from xinrong.pages.account import accepting, choosing, keys, people, support
from xinrong.pages.account_security import (
    enrolling,
    identity_service,
    overview,
    password,
    resets,
    verifying,
)
from xinrong.pages.applications import applying as application_applying
from xinrong.pages.applications import borrowers
from xinrong.pages.applications import listing as application_listing
from xinrong.pages.applications import offering as application_offering
from xinrong.pages.applications import one as application_one
from xinrong.pages.bank import consents as asking
from xinrong.pages.bank import file, opening, paper, register, search
from xinrong.pages.bank.batch_query import asking as batch_asking
from xinrong.pages.bank.batch_query import listing as batch_listing
from xinrong.pages.cases import case as cases
from xinrong.pages.cases import corrections
from xinrong.pages.cases import papers as case_papers
from xinrong.pages.classes import definitions as class_definitions
from xinrong.pages.classes import financing
from xinrong.pages.classes import standing as class_standing
from xinrong.pages.compliance import alerts as snoop_alerts
from xinrong.pages.counting import drafts, figures
from xinrong.pages.criteria import builder as criteria_builder
from xinrong.pages.criteria import listing as criteria
from xinrong.pages.department import batches, quality, receiving, uploads
from xinrong.pages.enterprise import consents
from xinrong.pages.enterprise import signing as consent_signing
from xinrong.pages.grades import cards as grade_cards
from xinrong.pages.grades import standing as grade_standing
from xinrong.pages.grades import versions as grade_versions
from xinrong.pages.inbox import letters
from xinrong.pages.inbox import listing as inbox
from xinrong.pages.indicators import definitions as indicators
from xinrong.pages.indicators import values as indicator_values
from xinrong.pages.links import listing as bank_links
from xinrong.pages.lists import desk as lists_desk
from xinrong.pages.lists import own as own_lists
from xinrong.pages.lists import propose as list_propose
from xinrong.pages.lists import public as public_lists
from xinrong.pages.needs import answers as need_answers
from xinrong.pages.needs import asking as need_asking
from xinrong.pages.needs import comparing as need_comparing
from xinrong.pages.needs import listing as need_listing
from xinrong.pages.needs import questionnaires, visits
from xinrong.pages.notices import choosing as notice_choosing
from xinrong.pages.notices import listing as notice_listing
from xinrong.pages.notices import outgoing
from xinrong.pages.objections import asking as objecting
from xinrong.pages.objections import listing as objections
from xinrong.pages.operator import identity, organisations, retract
from xinrong.pages.operator import quality as quality_board
from xinrong.pages.portable import handing as report_handing
from xinrong.pages.portable import making as report_making
from xinrong.pages.portable import verifying as report_verifying
from xinrong.pages.processes import showing as processes
from xinrong.pages.products import fits as product_fits
from xinrong.pages.products import public as products
from xinrong.pages.proof import checking, claims
from xinrong.pages.public import catalogue, home, papers, signing
from xinrong.pages.public import keys as signing_keys
from xinrong.pages.repairs import asking as repair_asking
from xinrong.pages.repairs import deciding as repair_deciding
from xinrong.pages.repairs import listing as repairs
from xinrong.pages.repairs import withdrawals
from xinrong.pages.retention import listing as retention
from xinrong.pages.trail import chain, queries, usage
from xinrong.pages.urls_financing import urlpatterns as financing_pages

urlpatterns = [
    *financing_pages,
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
    path("account/security/links", password.links, name="security-links"),
    path("new-password/<slug:key>", password.renew, name="new-password"),
    path("account/security/resets", resets.resets, name="security-resets"),
    path("account/security/resets/<int:number>", resets.close, name="security-reset"),
    path("sign-in/with/<slug:service>", identity_service.begin, name="identity-begin"),
    path("sign-in/with/<slug:service>/back", identity_service.back, name="identity-back"),
    path(
        "account/security/identity/<slug:service>",
        identity_service.begin_linking,
        name="security-link",
    ),
    path("account", choosing.overview, name="account"),
    path("account/choose", choosing.choose, name="account-choose"),
    path("account/people", people.people, name="account-people"),
    path("account/people/invite", people.invite, name="account-invite"),
    path("account/people/<int:number>", people.member, name="account-member"),
    path("account/people/<int:number>/end", people.end, name="account-member-end"),
    path(
        "account/invitations/<slug:key>/withdraw",
        people.withdraw,
        name="account-invitation-withdraw",
    ),
    path("account/log", people.log, name="account-log"),
    path("account/keys", keys.keys, name="account-keys"),
    path("account/keys/new", keys.new, name="account-key-new"),
    path("account/keys/<slug:prefix>/rotate", keys.rotate, name="account-key-rotate"),
    path("account/keys/<slug:prefix>/revoke", keys.revoke, name="account-key-revoke"),
    path("account/support", support.about_us, name="account-support"),
    path("support", support.board, name="support"),
    path("support/<slug:key>/nod", support.nod, name="support-nod"),
    path("support/<slug:key>/begin", support.begin, name="support-begin"),
    path("support/<slug:key>/end", support.end, name="support-end"),
    path("invitations/<str:token>", accepting.accept, name="invitation"),
    path("language", set_language, name="set_language"),
    path("retention", retention.runs, name="retention"),
    path("retention/preview", retention.preview, name="retention-preview"),
    path("retention/<int:number>", retention.run, name="retention-run"),
    path("retention/<int:number>/certificate", retention.certificate, name="retention-certificate"),
    path("organisations", organisations.organisations, name="organisations"),
    path("organisations/new", organisations.new, name="organisation-new"),
    path("organisations/<int:number>", organisations.organisation, name="organisation"),
    path("organisations/<int:number>/invite", organisations.invite, name="organisation-invite"),
    path(
        "organisations/<int:number>/invitations/<slug:key>/withdraw",
        organisations.withdraw,
        name="organisation-withdraw",
    ),
    path("organisations/<int:number>/rename", organisations.rename, name="organisation-rename"),
    path("organisations/<int:number>/close", organisations.close, name="organisation-close"),
    path("organisations/<int:number>/reopen", organisations.reopen, name="organisation-reopen"),
    path("sign-out", signing.sign_out, name="sign-out"),
    path("catalogue", catalogue.categories, name="catalogue"),
    path("catalogue/feeds/<slug:feed>", catalogue.feed, name="feed"),
    path("catalogue/<slug:category>", catalogue.category, name="category"),
    path("processes", processes.processes, name="processes"),
    path("processes/<slug:process>", processes.process, name="process"),
    path("search", search.search, name="search"),
    path("enterprises/<str:code>/", file.basic, name="basic"),
    path("enterprises/<str:code>/open", opening.choose, name="open-file"),
    path("enterprises/<str:code>/close", opening.close, name="close-file"),
    path("enterprises/<str:code>/register/", register.register, name="register"),
    path("enterprises/<str:code>/comprehensive/", file.comprehensive, name="comprehensive"),
    path("enterprises/<str:code>/cube/", file.cube, name="cube"),
    path("enterprises/<str:code>/signs/", file.signs, name="signs"),
    path("enterprises/<str:code>/paper", paper.paper, name="paper"),
    path("papers", papers.check, name="paper-check"),
    path("batch-query", batch_listing.form, name="batch-query"),
    path("batch-query/list", batch_listing.listed, name="batch-query-list"),
    path("batch-query/ask", batch_asking.ask, name="batch-query-ask"),
    path("batch-query/sheet", batch_asking.sheet, name="batch-query-sheet"),
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
    path(".well-known/xinrong-keys.json", signing_keys.public_keys, name="public-keys"),
    path("consents", consents.consents, name="consents"),
    path("consents.csv", consents.export, name="consents-export"),
    path("consents/requests/<slug:number>", consents.answer, name="consent-request"),
    path("consents/requests/<slug:number>/sign", consent_signing.sign, name="consent-sign"),
    path(
        "consents/requests/<slug:number>/sign/options",
        consent_signing.options,
        name="consent-sign-options",
    ),
    path("consents/requests/<slug:number>/refuse", consents.refuse, name="consent-refuse"),
    path("consents/requests/<slug:number>/papers", consents.papers, name="consent-papers"),
    path(
        "consents/requests/<slug:number>/receipts/<slug:receipt>",
        consents.receipt,
        name="consent-receipt",
    ),
    path("consents/<slug:number>/revoke", consents.revoke, name="consent-revoke"),
    path("enterprises/<str:code>/ask", asking.ask, name="ask-consent"),
    path("asked", asking.asked, name="asked"),
    path("asked/<slug:number>", asking.request_page, name="asked-request"),
    path("asked/<slug:number>/withdraw", asking.withdraw, name="asked-withdraw"),
    path("asked/<slug:number>/repaid", asking.repaid, name="asked-repaid"),
    path("asked/notices/<slug:number>", asking.notice, name="stop-notice"),
    path("identity", identity.queue, name="identity"),
    path("identity/<int:number>/decide", identity.decide, name="identity-decide"),
    path("identity/undo", identity.undo, name="identity-undo"),
    path("identity/judgements.csv", identity.export, name="identity-judgements"),
    path("represent", claims.claims, name="represent"),
    path("reports", report_making.reports, name="reports"),
    path("reports/new", report_making.new, name="report-new"),
    path("reports/make", report_making.make, name="report-make"),
    path("reports/<slug:number>", report_handing.report, name="report"),
    path("reports/<slug:number>/withdraw", report_handing.withdraw, name="report-withdraw"),
    path("reports/<slug:number>/<slug:kind>", report_handing.fetch, name="report-fetch"),
    path("verify", report_verifying.verify, name="verify"),
    path("verify/xinrong-verify.pyz", report_verifying.take_verifier, name="verifier"),
    path(
        ".well-known/xinrong-report-status.json",
        report_verifying.status_list,
        name="report-status",
    ),
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
    path("counts", drafts.drafts, name="counts"),
    path("counts/count", drafts.count, name="count-draft"),
    path("figures/register", figures.figures, name="register-figures"),
    path("figures/register.csv", figures.export, name="register-figures-export"),
    path("figures/financing", financing.financing, name="financing"),
    path("figures/financing.<str:kind>", financing.export, name="financing-export"),
    path("grades", grade_cards.cards, name="grades"),
    path("enterprises/<str:code>/grade", grade_standing.grade, name="enterprise-grade"),
    path("scorecards", grade_versions.index, name="scorecards"),
    path("scorecards/draft", grade_versions.draft, name="scorecard-draft"),
    path("scorecards/<int:number>", grade_versions.version, name="scorecard"),
    path("scorecards/<int:number>/file", grade_versions.file, name="scorecard-file"),
    path("scorecards/<int:number>/decide", grade_versions.decide, name="scorecard-decide"),
    path("classes", class_definitions.index, name="classes"),
    path("enterprises/<str:code>/class", class_standing.standing, name="enterprise-class"),
    path("criteria", criteria.index, name="criteria"),
    path("criteria/build", criteria_builder.build, name="criteria-build"),
    path("criteria/criteria.csv", criteria.export, name="criteria-export"),
    path("criteria/<slug:name>", criteria.criterion, name="criterion"),
    path("criteria/<slug:name>/file", criteria.file, name="criterion-file"),
    path("enterprises/<str:code>/criteria", criteria.answers, name="criterion-answers"),
    path("indicators", indicators.index, name="indicators"),
    path("indicators/<slug:name>", indicators.indicator, name="indicator"),
    path("enterprises/<str:code>/indicators", indicator_values.values, name="indicator-values"),
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox.csv", inbox.export, name="inbox-export"),
    path("inbox/events", letters.letters, name="events-lost"),
    path("inbox/events/<int:number>/resend", letters.resend, name="event-resend"),
    path("bank-links", bank_links.links, name="bank-links"),
    path("bank-links/<slug:link>", bank_links.link, name="bank-link"),
    path("bank-links/<slug:link>/resend", bank_links.resend_all, name="bank-link-resend-all"),
    path("bank-links/<slug:link>/settle/<int:number>", bank_links.settle, name="bank-link-settle"),
    path("bank-links/<slug:link>/resend/<int:number>", bank_links.resend, name="bank-link-resend"),
    path("cases", cases.cases, name="cases"),
    path("cases/<slug:number>", cases.case, name="case"),
    path("cases/<slug:number>/move", cases.move, name="case-move"),
    path("cases/<slug:number>/hand", cases.hand, name="case-hand"),
    path("case-papers/<slug:number>", case_papers.give, name="case-papers"),
    path("cases/<slug:number>/papers/<int:paper>", case_papers.read, name="case-paper"),
    path("corrections", corrections.to_carry, name="corrections-to-carry"),
    path("corrections.csv", corrections.export, name="corrections-export"),
    path("corrections/ask", corrections.ask, name="correction-ask"),
    path("repairs", repairs.repairs, name="repairs"),
    path("repairs/ask", repair_asking.ask, name="repair-ask"),
    path("repairs/<slug:number>/accept", repair_deciding.accept, name="repair-accept"),
    path("repairs/<slug:number>/doubt", repair_deciding.doubt, name="repair-doubt"),
    path("repairs/<slug:number>/sign", repair_deciding.sign, name="repair-sign"),
    path(
        "repairs/<slug:number>/sign/options",
        repair_deciding.sign_options,
        name="repair-sign-options",
    ),
    path("withdrawals", withdrawals.withdrawals, name="withdrawals"),
    path("withdrawals/done", withdrawals.done, name="withdrawals-done"),
    path("objections", objections.objections, name="objections"),
    path("objections/ask", objecting.ask, name="objection-ask"),
    path("objections/<slug:number>/letter", objections.letter, name="objection-letter"),
    path("products", products.index, name="products"),
    path("products.csv", products.export, name="products-export"),
    path("products/<slug:name>", products.one, name="product"),
    path("products/<slug:name>/fits", product_fits.fits, name="product-fits"),
    path("needs", need_listing.index, name="needs"),
    path("needs/new", need_asking.new, name="need-new"),
    path("questionnaires", questionnaires.index, name="questionnaires"),
    path("questionnaires/new", questionnaires.new, name="questionnaire-new"),
    path("questionnaires/<slug:number>", questionnaires.one, name="questionnaire"),
    path("questionnaires/<slug:number>/close", questionnaires.close, name="questionnaire-close"),
    path("questionnaires/<slug:number>/answer", questionnaires.answer, name="questionnaire-answer"),
    path("visits", visits.index, name="visits"),
    path("visits/new", visits.new, name="visit-new"),
    path("visits/form.xlsx", visits.form, name="visits-form"),
    path("visits/upload", visits.upload, name="visits-upload"),
    path("visits/enter", visits.enter, name="visits-enter"),
    path("visits/<slug:number>/withdraw", visits.withdraw, name="visit-withdraw"),
    path("needs/<slug:number>", need_answers.need, name="need"),
    path("needs/<slug:number>/advice", need_answers.advice, name="need-advice"),
    path("needs/<slug:number>/csv", need_answers.export, name="need-export"),
    path("needs/<slug:number>/compare", need_comparing.compare, name="need-compare"),
    path("needs/<slug:number>/ask/<slug:name>", need_asking.question, name="need-question"),
    path("needs/<slug:number>/preview", need_asking.preview, name="need-preview"),
    path("needs/<slug:number>/state", need_asking.state, name="need-state"),
    path("needs/<slug:number>/withdraw", need_listing.withdraw, name="need-withdraw"),
    path("needs/<slug:number>/take-over", need_listing.take_over, name="need-take-over"),
    path("applications", application_listing.own, name="applications"),
    path("applications/new", application_applying.new, name="application-new"),
    path("applications/desk", application_listing.desk, name="loan-desk"),
    path("applications/desk.csv", borrowers.export, name="loan-desk-export"),
    path("applications/stuck", application_listing.stuck, name="stuck-deals"),
    path("applications/needs/<slug:number>", application_listing.offers, name="application-offers"),
    path(
        "applications/proposals/<int:number>/leave",
        application_listing.leave,
        name="proposal-leave",
    ),
    path("applications/<slug:number>", application_one.application, name="application"),
    path("applications/<slug:number>/act", application_one.act, name="application-act"),
    path("applications/<slug:number>/offer", application_offering.offer, name="application-offer"),
    path("lists", public_lists.index, name="lists"),
    path("lists/measures", public_lists.measures, name="list-measures"),
    path("lists/own", own_lists.own, name="own-lists"),
    path("lists/desk", lists_desk.desk, name="lists-desk"),
    path("lists/desk.csv", lists_desk.figures, name="lists-figures"),
    path("lists/entries/<slug:number>", lists_desk.entry, name="list-entry"),
    path("lists/entries/<slug:number>/act", lists_desk.act, name="list-entry-act"),
    path("lists/<slug:name>", public_lists.one, name="list"),
    path("lists/<slug:name>.csv", public_lists.export, name="list-export"),
    path("lists/<slug:name>/propose", list_propose.propose, name="list-propose"),
    path("trail", queries.queries, name="trail"),
    path("trail/queries.csv", queries.export, name="trail-export"),
    path("trail/queries/<int:number>", queries.query, name="trail-query"),
    path("trail/queries/<int:number>/doubt", queries.doubt, name="trail-doubt"),
    path("trail/queries/<int:number>/reproduce", queries.reproduce, name="trail-reproduce"),
    path("trail/doubts/<int:number>/answer", queries.answer, name="trail-answer"),
    path("trail/chain", chain.chain, name="trail-chain"),
    path("trail/usage", usage.usage, name="trail-usage"),
    path("trail/usage.csv", usage.export, name="trail-usage-export"),
    path("notices", notice_listing.listed, name="notices"),
    path("notices/read", notice_listing.read, name="notices-read"),
    path("notices/settings", notice_choosing.settings, name="notices-settings"),
    path("notices/settings/number", notice_choosing.number, name="notices-number"),
    path("notices/settings/code", notice_choosing.code, name="notices-code"),
    path("notices/settings/forget", notice_choosing.forget, name="notices-forget"),
    path("notices/settings/again", notice_choosing.again, name="notices-again"),
    path("notices/<int:number>", notice_listing.opened, name="notice"),
    path("notices/<int:number>/act", notice_listing.act, name="notice-act"),
    path("messages", outgoing.outgoing, name="messages"),
    path("messages/resend", outgoing.resend_all, name="messages-resend"),
    path("messages/<int:number>/resend", outgoing.resend, name="message-resend"),
    path("compliance/alerts", snoop_alerts.queue, name="compliance"),
    path("compliance/alerts/<int:number>", snoop_alerts.alert, name="compliance-alert"),
    path("compliance/alerts/<int:number>/decide", snoop_alerts.decide, name="compliance-decide"),
    path("compliance/alerts/<int:number>/csv", snoop_alerts.export, name="compliance-export"),
]
