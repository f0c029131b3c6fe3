"""The resources of the registry as a whole, asynchronously: one line for each call."""

from moorage.access import Access, Grants, Roles, Trusts
from moorage.aio.methods import Resource, awaited, listed, threaded
from moorage.anchors import Anchors
from moorage.quotas import Quotas
from moorage.reach import Reach
from moorage.schedules import Schedules
from moorage.schemes import Schemes
from moorage.sessions import Sessions
from moorage.signatures import Signers
from moorage.targets import Targets
from moorage.tokens import Tokens
from moorage.webhooks import Webhooks


class AsyncSchemes(Resource[Schemes]):
    """``Schemes``, asynchronously."""

    list = listed(Schemes.list)
    get = awaited(Schemes.get)
    save = awaited(Schemes.save)
    default = awaited(Schemes.default)
    set_default = awaited(Schemes.set_default)
    of = awaited(Schemes.of)
    assign = awaited(Schemes.assign)
    set_tier = awaited(Schemes.set_tier)
    simulate = awaited(Schemes.simulate)


class AsyncWebhooks(Resource[Webhooks]):
    """``Webhooks``, asynchronously."""

    create = awaited(Webhooks.create)
    get = awaited(Webhooks.get)
    list = listed(Webhooks.list)
    update = awaited(Webhooks.update)
    delete = awaited(Webhooks.delete)
    test = awaited(Webhooks.test)
    rotate = awaited(Webhooks.rotate)
    deliveries = listed(Webhooks.deliveries)
    delivery = awaited(Webhooks.delivery)
    redeliver = awaited(Webhooks.redeliver)
    redeliver_range = awaited(Webhooks.redeliver_range)
    health = awaited(Webhooks.health)


class AsyncSchedules(Resource[Schedules]):
    """``Schedules``, asynchronously."""

    create = awaited(Schedules.create)
    get = awaited(Schedules.get)
    list = listed(Schedules.list)
    update = awaited(Schedules.update)
    fire = awaited(Schedules.fire)
    delete = awaited(Schedules.delete)


class AsyncSigners(Resource[Signers]):
    """``Signers``, asynchronously."""

    list = listed(Signers.list)
    get = awaited(Signers.get)
    save = awaited(Signers.save)
    delete = awaited(Signers.delete)


class AsyncTargets(Resource[Targets]):
    """``Targets``, asynchronously."""

    list = listed(Targets.list)
    get = awaited(Targets.get)
    set = awaited(Targets.set)
    delete = awaited(Targets.delete)
    observe = awaited(Targets.observe)
    models = listed(Targets.models)
    as_of = listed(Targets.as_of)


class AsyncTokens(Resource[Tokens]):
    """``Tokens``, asynchronously."""

    create = awaited(Tokens.create)
    get = awaited(Tokens.get)
    list = listed(Tokens.list)
    rotate = awaited(Tokens.rotate)
    revoke = awaited(Tokens.revoke)


class AsyncSessions(Resource[Sessions]):
    """``Sessions``, asynchronously."""

    list = listed(Sessions.list)
    end = awaited(Sessions.end)


class AsyncRoles(Resource[Roles]):
    """``Roles``, asynchronously."""

    list = listed(Roles.list)
    get = awaited(Roles.get)
    set = awaited(Roles.set)
    delete = awaited(Roles.delete)


class AsyncGrants(Resource[Grants]):
    """``Grants``, asynchronously."""

    list = listed(Grants.list)
    of = awaited(Grants.of)
    set = awaited(Grants.set)
    delete = awaited(Grants.delete)


class AsyncTrusts(Resource[Trusts]):
    """``Trusts``, asynchronously."""

    list = listed(Trusts.list)
    get = awaited(Trusts.get)
    set_oidc = awaited(Trusts.set_oidc)
    set_iam = awaited(Trusts.set_iam)
    delete = awaited(Trusts.delete)


class AsyncAccess(Resource[Access]):
    """``Access``, asynchronously."""

    who_may = listed(Access.who_may)


class AsyncQuotas(Resource[Quotas]):
    """``Quotas``, asynchronously."""

    get = awaited(Quotas.get)


class AsyncReach(Resource[Reach]):
    """``Reach``, asynchronously."""

    registry = awaited(Reach.registry)
    storage = threaded(Reach.storage)


class AsyncAnchors(Resource[Anchors]):
    """``Anchors``, asynchronously."""

    list = listed(Anchors.list)
    ledgers = listed(Anchors.ledgers)
    newest_heads = threaded(Anchors.newest_heads)
    fetch = threaded(Anchors.fetch)
