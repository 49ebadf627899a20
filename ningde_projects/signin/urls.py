"""Signing in and one's own account."""

from django.urls import URLPattern, path

from .views import account, factor, password, signing

app_name = "signin"
urlpatterns: list[URLPattern] = [
    path("signin/", signing.sign_in, name="sign_in"),
    path("signin/again/", signing.again, name="again"),
    path("signin/forgotten/", password.forgotten, name="forgotten"),
    path("signin/reset/<str:token>/", password.reset, name="reset"),
    path("signout/", signing.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", password.change, name="password"),
    path("account/factor/", factor.factor, name="factor"),
    path("account/factor/codes/", factor.codes, name="factor_codes"),
    path("account/factor/remove/", factor.remove, name="factor_remove"),
    path("account/sessions/end/", account.end_others, name="end_others"),
    path("account/sessions/<uuid:public_id>/end/", account.end_session, name="end_session"),
]
