from django.urls import path

from kraftsamling.web.desk.people import (
    invitations,
    memberships,
    networks,
    organisations,
    people,
    roles,
    tokens,
)

app_name = "people"
urlpatterns = [
    path("", organisations.organisation_list, name="organisations"),
    path("organisations/new", organisations.create, name="organisation-new"),
    path("organisations/<slug:slug>/edit", organisations.edit, name="organisation-edit"),
    path(
        "organisations/<slug:slug>/networks",
        organisations.join_or_leave,
        name="organisation-networks",
    ),
    path("organisations/<slug:slug>/close", organisations.close, name="organisation-close"),
    path("organisations/<slug:slug>/open", organisations.open_again, name="organisation-open"),
    path("organisations/<slug:slug>/", people.people_list, name="people"),
    path("organisations/<slug:slug>/invite", invitations.invite, name="invite"),
    path("organisations/<slug:slug>/give", memberships.give, name="give"),
    path("organisations/<slug:slug>/tokens", tokens.token_list, name="tokens"),
    path("organisations/<slug:slug>/tokens/new", tokens.create, name="token-new"),
    path("tokens/<uuid:public_id>/revoke", tokens.revoke, name="token-revoke"),
    path("invitations/<uuid:public_id>/renew", invitations.renew, name="invitation-renew"),
    path("invitations/<uuid:public_id>/withdraw", invitations.withdraw, name="invitation-withdraw"),
    path("memberships/<uuid:public_id>/", memberships.change, name="membership"),
    path("memberships/<uuid:public_id>/end", memberships.end, name="membership-end"),
    path("memberships/<uuid:public_id>/substitute", memberships.substitute, name="substitute"),
    path("memberships/<uuid:public_id>/shut-out", people.shut_out, name="shut-out"),
    path("memberships/<uuid:public_id>/let-in", people.let_in, name="let-in"),
    path("networks/", networks.network_list, name="networks"),
    path("networks/new", networks.create, name="network-new"),
    path("networks/<slug:slug>/", networks.edit, name="network"),
    path("roles/", roles.role_list, name="roles"),
    path("roles/new", roles.create, name="role-new"),
    path("roles/<slug:code>/", roles.edit, name="role"),
]
