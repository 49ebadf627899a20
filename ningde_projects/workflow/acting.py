"""How a page makes an act: by a plain button, or by a dialog that asks first (docs/pages.md, "Acting").

Whatever the services refuse is said in the words of the refusal, with its status, and what was typed stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import View

from ningde_projects.organizations.middleware import OfficeRequest
from ningde_projects.shell import errors
from ningde_projects.shell.csrf_failure import kept
from ningde_projects.shell.dialogs import in_dialog, leave, render_dialog
from ningde_projects.shell.forms import NamedErrors

from . import door
from .idempotency import Once
from .refusals import NotAllowed, Refusal, WrongState

Text = str | Promise
_NOT_TYPED = frozenset({"idempotency_key", "version"})


class ReasonForm(NamedErrors, forms.Form):
    """The reason that an act asks for, and the version that the page was shown with."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class VersionForm(NamedErrors, forms.Form):
    """For acts that ask for nothing."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)


def posted(request: HttpRequest) -> QueryDict | None:
    """The form as sent, None before; an empty one is bound too, so that it gets its errors."""
    return request.POST if request.method == "POST" else None


def posted_version(request: HttpRequest) -> int | None:
    """The version the form was shown with; None when the page sends none, 0 when it sends nonsense."""
    text = request.POST.get("version")
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def show(form: forms.BaseForm, refused: Refusal) -> None:
    """Put the refusal's words to the fields that they are about, else over the form."""
    if not refused.errors:
        form.add_error(None, str(refused))
    for name, texts in refused.errors.items():
        for text in texts:
            form.add_error(name if name in form.fields else None, text)


def refused_page(request: HttpRequest, refused: Refusal, *, back: str = "") -> HttpResponse:
    """The refusal on a page of its own (403, 409 or 422), with what was typed and the way back."""
    typed = [(name, value) for name, value in kept(request) if name not in _NOT_TYPED and value]
    return errors.page(
        request,
        "workflow/refused.html",
        refused.status_code,
        {"reason": str(refused), "back": back, "typed": typed if request.method == "POST" else []},
    )


def button_act(
    request: OfficeRequest, act: Callable[[], Any], *, done: str, success: Text, back: str = ""
) -> HttpResponse:
    """Make an act that needs no further question; `back` is the page to return to after a refusal."""
    try:
        act()
    except Refusal as refused:
        return refused_page(request, refused, back=back or done)
    messages.success(request, str(success))
    return HttpResponseRedirect(done)


def dialog_act(
    request: OfficeRequest,
    act: Callable[[Mapping[str, Any]], Any],
    *,
    done: str | Callable[[], str],
    success: Text | Callable[[], Text],
    form: forms.BaseForm | None = None,
    template: str = "shell/confirm.html",
    **words: Any,
) -> HttpResponse:
    """Ask first, then act on the cleaned data. `words` are those of `shell/confirm.html`; `cancel_url` is needed
    when `done` is only known afterwards.
    """
    form = form if form is not None else VersionForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                act(form.cleaned_data)
            except Refusal as refused:
                if in_dialog(request) and isinstance(refused, NotAllowed | WrongState):
                    # The words are put into the open dialog; what was typed in it stays (dialogs.js).
                    return refused_page(request, refused)
                status = refused.status_code
                show(form, refused)
            else:
                text = success() if callable(success) else success
                if text:
                    messages.success(request, str(text))
                return leave(request, done() if callable(done) else done)
    words.setdefault("cancel_url", "" if callable(done) else done)
    return render_dialog(request, template, {"form": form, **words}, status=status)


class ActView(Once, View):
    """One transition on one object, asked for in a dialog: hidden is 404, locked says why, done goes on.

    Set `model` and `act`; give `words` (title, object, consequence, button, button_icon, danger) and `done_url`.
    """

    model: ClassVar[type[models.Model]]
    act: ClassVar[str]
    success: ClassVar[Text] = _("Done.")
    template: ClassVar[str] = "shell/confirm.html"
    request: OfficeRequest

    def rows(self) -> models.QuerySet[Any]:
        """What this person may see; the model's queryset answers `visible_to`."""
        return cast("models.QuerySet[Any]", self.model._default_manager.visible_to(self.request.actor))  # type: ignore[attr-defined]

    def form_for(self, obj: Any) -> forms.BaseForm:
        transition = door.binding_of(obj).machine.by_name[self.act]
        form = ReasonForm if transition.reason_required else VersionForm
        data = self.request.POST if self.request.method == "POST" else None
        return form(data, initial={"version": obj.version})

    def words(self, obj: Any) -> dict[str, Any]:
        label = door.binding_of(obj).machine.by_name[self.act].label
        return {"title": label, "object": str(obj), "button": label}

    def done_url(self, obj: Any) -> str:
        raise NotImplementedError

    def data(self, cleaned: Mapping[str, Any]) -> Mapping[str, Any]:
        """What guards and effects are given."""
        return {name: value for name, value in cleaned.items() if name not in {"reason", "version"}}

    def get(self, request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
        return self._respond(public_id)

    def post(self, request: OfficeRequest, public_id: UUID) -> HttpResponseBase:
        return self._respond(public_id)

    def _respond(self, public_id: UUID) -> HttpResponseBase:
        obj: Any = get_object_or_404(self.rows(), public_id=public_id)
        locked = door.refusal(obj, self.act, self.request.actor)
        if locked is not None:
            return refused_page(self.request, locked, back=self.done_url(obj))

        def make(cleaned: Mapping[str, Any]) -> None:
            door.perform(
                obj,
                self.act,
                by=self.request.actor,
                at=self.request.now,
                reason=cleaned.get("reason") or "",
                data=self.data(cleaned),
                version=cleaned.get("version"),
            )

        return dialog_act(
            self.request,
            make,
            form=self.form_for(obj),
            done=lambda: self.done_url(obj),
            success=self.success,
            template=self.template,
            **{"cancel_url": self.done_url(obj), **self.words(obj)},
        )
