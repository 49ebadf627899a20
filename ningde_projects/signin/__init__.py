"""Signing in, and one's own account.

What others use:

- `login_not_required` (Django's) on a view that anyone may open; every other view is behind the wall
  (`middleware.SignInMiddleware`). A script whose session is over is answered 401 with `X-Session-Expired: 1`.
- Requests that a page sends by itself carry `X-Background: 1`; they do not keep a session alive.
- `services.passwords.issue_reset_link(user, by=actor, at=now)` gives the single-use address for a first or a new
  password (system administrator); `services.signing.unlock` and `services.factors.reset_factor` are the security
  administrator's; `services.sessions.end_sessions` ends a person's sessions.
- A change of somebody's own duties and the closing of an account need no call: both hold at the next request.
- `acts.ACTS` names the acts of the machine "account" for whoever shows the event log.

Passkeys and OpenID Connect are not here: allauth's pages for them bring sessions of their own that know none of the
limits above.
"""
