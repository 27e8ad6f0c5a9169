"""The addresses of the market besides needs and applications: plans, events, figures, outlets."""

from __future__ import annotations

from django.urls import path

from xinrong.pages.allocation import asking as allocation_asking
from xinrong.pages.allocation import showing as allocation
from xinrong.pages.centre import giving as service_giving
from xinrong.pages.centre import public as services
from xinrong.pages.events import listing as event_listing
from xinrong.pages.events import showing as events
from xinrong.pages.league import showing as league
from xinrong.pages.outlets import public as outlets
from xinrong.pages.projects import keeping as project_keeping
from xinrong.pages.projects import public as projects
from xinrong.pages.projects import showing as project_showing

urlpatterns = [
    path("bank/allocation", allocation_asking.form, name="allocation"),
    path("bank/allocation/template", allocation_asking.template, name="allocation-template"),
    path("bank/allocation/<slug:key>", allocation.plan, name="allocation-plan"),
    path("bank/allocation/<slug:key>/start", allocation_asking.start, name="allocation-start"),
    path("bank/allocation/<slug:key>/progress", allocation.progress, name="allocation-progress"),
    path("bank/allocation/<slug:key>/delete", allocation.discard, name="allocation-delete"),
    path("bank/allocation/<slug:key>/plan.<str:kind>", allocation.sheet, name="allocation-sheet"),
    path("events", event_listing.index, name="events"),
    path("events/new", event_listing.new, name="event-new"),
    path("events/<slug:number>", events.event, name="event"),
    path("events/<slug:number>/act", events.act, name="event-act"),
    path("events/<slug:number>/csv", events.export, name="event-export"),
    path("projects", projects.index, name="projects"),
    path("projects/own", projects.own, name="projects-own"),
    path("projects/new", project_keeping.new, name="project-new"),
    path("projects/upload", project_keeping.upload, name="projects-upload"),
    path("projects/enter", project_keeping.enter, name="projects-enter"),
    path("projects/sheet.<slug:kind>", projects.export, name="projects-export"),
    path("projects/<slug:number>", project_showing.project, name="project"),
    path("projects/<slug:number>/need", project_showing.begin, name="project-begin"),
    path("projects/<slug:number>/correct", project_keeping.correct, name="project-correct"),
    path("projects/<slug:number>/end", project_keeping.end, name="project-end"),
    path("services", services.index, name="services"),
    path("services/requests", services.own, name="services-own"),
    path("services/<slug:service>/ask", services.ask, name="service-ask"),
    path("services/requests/<slug:number>/take-up", service_giving.take_up, name="service-take-up"),
    path("services/requests/<slug:number>/arrange", service_giving.arrange, name="service-arrange"),
    path("statistics/financing", league.statistics, name="statistics"),
    path("statistics/financing.csv", league.export, name="statistics-export"),
    path("bank/league", league.own, name="own-league"),
    path("bank/league.csv", league.own_export, name="own-league-export"),
    path("outlets", outlets.index, name="outlets"),
    path("outlets.csv", outlets.export, name="outlets-export"),
]
