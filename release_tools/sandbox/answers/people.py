"""Accounts, organisations, teams and Apps."""

from __future__ import annotations

from release_tools.model import Permission
from release_tools.sandbox.answers import Json, node
from release_tools.sandbox.people import Account, AccountKind, Site, Team

CREATED = "2026-01-01T00:00:00Z"
ROLE_NAMES = {
    Permission.READ: "pull",
    Permission.TRIAGE: "triage",
    Permission.WRITE: "push",
    Permission.MAINTAIN: "maintain",
    Permission.ADMIN: "admin",
}
USER_LINKS = (
    "followers",
    "following{/other_user}",
    "gists{/gist_id}",
    "starred{/owner}{/repo}",
    "subscriptions",
    "repos",
    "events{/privacy}",
    "received_events",
)


def account(site: Site, who: Account) -> Json:
    """Somebody, in short; `ghost` when the account is gone."""
    login, identity, kind = (
        ("ghost", 10137, AccountKind.USER) if who.deleted else (who.login, who.id, who.kind)
    )
    url = f"{site.api}/users/{login}"
    links = {f"{link.partition('{')[0]}_url": f"{url}/{link}" for link in USER_LINKS}
    return {
        "login": login,
        "id": identity,
        "node_id": node("U", identity),
        "avatar_url": f"{site.html}/{login}.png",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{site.html}/{login}",
        **links,
        "organizations_url": f"{url}/orgs",
        "type": str(kind),
        "site_admin": False,
    }


def account_or_none(site: Site, who: Account | None) -> Json | None:
    """Somebody, where GitHub says nothing of an account that is gone."""
    return None if who is None or who.deleted else account(site, who)


def organization(site: Site, who: Account) -> Json:
    """An organisation, in short."""
    url = f"{site.api}/orgs/{who.login}"
    links = {f"{name}_url": f"{url}/{name}" for name in ("repos", "events", "hooks", "issues")}
    return {
        "login": who.login,
        "id": who.id,
        "node_id": node("O", who.id),
        "url": url,
        **links,
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{site.html}/{who.login}.png",
        "description": None,
    }


def team(site: Site, one: Team) -> Json:
    """A team."""
    url = f"{site.api}/orgs/{one.organization.login}/teams/{one.slug}"
    return {
        "id": one.id,
        "node_id": node("T", one.id),
        "name": one.slug,
        "slug": one.slug,
        "description": None,
        "privacy": "closed",
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "url": url,
        "html_url": f"{site.html}/orgs/{one.organization.login}/teams/{one.slug}",
        "members_url": f"{url}/members{{/member}}",
        "repositories_url": f"{url}/repos",
        "type": "organization",
        "organization_id": one.organization.id,
        "parent": None,
    }


def app(site: Site, who: Account) -> Json:
    """A GitHub App, as check runs name it."""
    slug = who.login.removesuffix("[bot]")
    return {
        "id": who.id,
        "slug": slug,
        "node_id": node("A", who.id),
        "owner": account(site, who),
        "name": slug,
        "description": None,
        "external_url": f"{site.html}/apps/{slug}",
        "html_url": f"{site.html}/apps/{slug}",
        "created_at": CREATED,
        "updated_at": CREATED,
        "permissions": {},
        "events": [],
    }


def profile(site: Site, who: Account) -> Json:
    """Somebody, asked for by login."""
    counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
    unsaid = dict.fromkeys(("name", "company", "location", "email", "hireable", "bio"))
    return {
        **account(site, who),
        **unsaid,
        "blog": "",
        **counts,
        "created_at": CREATED,
        "updated_at": CREATED,
    }


def permissions(role: Permission) -> Json:
    """What a role allows, one by one."""
    return {name: role >= needed for needed, name in ROLE_NAMES.items()}


def full_team(site: Site, one: Team) -> Json:
    """A team, asked for by name."""
    return {
        **team(site, one),
        "members_count": len(one.members),
        "repos_count": 0,
        "created_at": CREATED,
        "updated_at": CREATED,
        "organization": {
            **organization(site, one.organization),
            **{f"has_{name}_projects": False for name in ("organization", "repository")},
            **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
            "html_url": f"{site.html}/{one.organization.login}",
            "created_at": CREATED,
            "updated_at": CREATED,
            "archived_at": None,
            "type": "Organization",
        },
    }
