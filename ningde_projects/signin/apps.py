from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class SigninConfig(AppConfig):
    name = "ningde_projects.signin"
    label = "signin"
    verbose_name = _("Sign-in")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ningde_projects.organizations.duties import Duty
        from ningde_projects.periods import consequences
        from ningde_projects.shell import navigation as nav
        from ningde_projects.workflow import acts as record

        from .acts import ACTS, MACHINE
        from .services.sessions import sweep

        unknown = set(settings.SECOND_FACTOR_DUTIES) - set(Duty) - {"none"}
        if unknown:
            raise ImproperlyConfigured(f"SECOND_FACTOR_DUTIES: no such duty: {', '.join(sorted(unknown))}.")
        nav.register_link(nav.Link.SIGN_IN, "signin:sign_in")
        nav.register_link(nav.Link.SIGN_IN_AGAIN, "signin:again")
        nav.register_link(nav.Link.SIGN_OUT, "signin:sign_out")
        nav.register_link(nav.Link.ACCOUNT, "signin:account")
        record.register(MACHINE, _("Account"), ACTS, is_administrative=True)
        consequences.on_every_tick("signin.sweep")(sweep)
