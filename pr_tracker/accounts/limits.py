"""How often somebody may try: counted per address of the network and per account, in memory or in Redis."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, request, session
from flask_limiter import Limiter, RateLimitExceeded
from flask_limiter.util import get_remote_address
from flask_login import current_user
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from pr_tracker.accounts.rules import address_digest
from pr_tracker.errors import N_, DomainError

# Without its Redis each web process counts for itself, until Redis answers again.
limiter = Limiter(
    key_func=get_remote_address, strategy="moving-window", in_memory_fallback_enabled=True, swallow_errors=True
)
_alone = MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True)
class Rate:
    """What a page allows from one network address and for one account; `every` counts successes too."""

    per_address: str
    per_account: str
    every: bool = False


SIGN_IN = Rate("30 per 5 minutes", "20 per 15 minutes")  # an office of a hundred people may share one address
MAIL = Rate("20 per hour", "5 per hour", every=True)


class TooManyAttempts(DomainError):
    """The reader has to wait."""

    http_status = 429


def account_tried() -> str:
    """Whose account the request speaks of: the reader's own, the address typed, or the one in its second step.

    A passkey names nobody before it answers: then it is the network address again.
    """
    if current_user.is_authenticated:
        return address_digest(current_user.email)
    if typed := request.form.get("email"):
        return address_digest(typed)
    return session.get("tf_user_id") or get_remote_address()


def limited(view: Callable[..., Any], rate: Rate) -> Callable[..., Any]:
    """The view, refusing POSTs beyond the rate. Failures count; an answer that leads on is not one."""
    counts: dict[str, Any] = {"methods": ["POST"]}
    if not rate.every:
        counts["deduct_when"] = _failed
    by_account = limiter.limit(rate.per_account, key_func=account_tried, **counts)(view)
    return limiter.limit(rate.per_address, **counts)(by_account)


def _failed(response: Response) -> bool:
    return response.status_code >= 400


def refusal(error: RateLimitExceeded) -> TooManyAttempts:
    """The sentence for a reader who tried too often, with the minutes to wait."""
    minutes = max(1, round((error.limit.limit.get_expiry() if error.limit else 60) / 60))
    return TooManyAttempts(N_("Too many attempts. Try again in %(minutes)s minutes."), minutes=minutes)


def install(app: Flask, page: Callable[[TooManyAttempts], Any | None]) -> None:
    """Count; `page` may answer a refusal with the form that was sent, else it is the page for 429."""

    def too_many(error: RateLimitExceeded) -> Any:
        refused = refusal(error)
        answer = page(refused) or current_app.handle_user_exception(refused)
        response = current_app.make_response(answer)
        response.headers["Retry-After"] = str(60 * int(refused.params["minutes"]))
        g.pop("failed_sign_in", None)
        return response

    limiter.init_app(app)
    app.register_error_handler(RateLimitExceeded, too_many)


def too_many_failures(rate: str, *key: str) -> bool:
    """Whether what `key` names has failed as often as the rate ("60 per minute") allows."""
    return not _counted(lambda counter, item: counter.test(item, *key), rate)


def note_failure(rate: str, *key: str) -> None:
    """Count one failure of what `key` names."""
    _counted(lambda counter, item: counter.hit(item, *key), rate)


def _counted(count: Callable[[Any, RateLimitItem], bool], rate: str) -> bool:
    """Counted where the others count; by this process alone while that is out of reach."""
    try:
        return count(limiter.limiter, parse(rate))
    except Exception as trouble:
        current_app.logger.warning("failures are counted in memory: %s", trouble)
        return count(_alone, parse(rate))
