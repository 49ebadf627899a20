"""Each gate stops what it is there for, and lets the rest pass."""

from pathlib import PurePosixPath

import pytest

from ops.gates import LONGEST, faults_of

TEMPLATE = "desk/templates/desk/page.html"
# Put together here, so that this file itself passes the gates.
HTTPS = "https:" + "//"
ROOT_FOLDER = "/" + "root"


def found(path: str, text: str) -> list[str]:
    return [fault.split(": ", 1)[1] for fault in faults_of(PurePosixPath(path), text)]


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("desk/views.py", 'KEY = "AKIA' + "A" * 16 + '"', "looks like a secret"),
        ("desk/views.py", 'api_token = "' + "a1" * 16 + '"', "looks like a secret"),
        ("ops/key.pem", "-----BEGIN RSA " + "PRIVATE KEY-----", "looks like a secret"),
        ("desk/views.py", f'"{HTTPS}cdn.jsdelivr.net/x.js"', "a foreign host: cdn.jsdelivr.net"),
        ("docs/page.md", f"see {ROOT_FOLDER}/notes", "a path or an index of one machine"),
        ("requirements.txt", "--" + "index-url x", "a path or an index of one machine"),
        ("desk/views.py", "x = 1  # TO" + "DO later", "unfinished, without an owner"),
        (TEMPLATE, '<p style="color:red">', "inline or unescaped in a template"),
        (TEMPLATE, "<style>p{}</style>", "inline or unescaped in a template"),
        (TEMPLATE, '<b onclick="x()">', "inline or unescaped in a template"),
        (TEMPLATE, "<script>x()</script>", "inline or unescaped in a template"),
        (TEMPLATE, "{{ text|safe }}", "inline or unescaped in a template"),
        (TEMPLATE, '<a href="//host">', "inline or unescaped in a template"),
        (TEMPLATE, "<h1>项目</h1>", "Chinese in a template, which is to be translated"),
    ],
)
def test_what_must_not_stand_in_the_tree_is_found(path: str, text: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in found(path, text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("desk/views.py", f'ADDRESS = "{HTTPS}projects.example/a"'),
        ("desk/views.py", '"http:' + '//127.0.0.1:8000/"'),
        ("static/mark.svg", '<svg xmlns="http:' + '//www.w3.org/2000/svg">'),
        ("docs/sources.md", f"{HTTPS}www.gov.cn/"),
        ("desk/workflow.py", 'TODO = "todo"'),
        (TEMPLATE, '<script src="{% static "app.js" %}" defer></script>'),
        (TEMPLATE, "{# 项目 #}{% comment %}项目{% endcomment %}"),
        (TEMPLATE, '<button name="language" value="zh-hans" lang="zh-CN">中文</button>'),
        ("desk/locale/zh_Hans/LC_MESSAGES/django.po", 'msgstr "项目"'),
    ],
)
def test_what_may_stand_there_is_let_pass(path: str, text: str) -> None:
    assert found(path, text) == []


@pytest.mark.parametrize(("suffix", "longest"), LONGEST.items())
def test_a_room_holds_so_many_lines_and_no_more(suffix: str, longest: int) -> None:
    assert found(f"desk/big{suffix}", "x\n" * longest) == []
    assert list(faults_of(PurePosixPath(f"desk/big{suffix}"), "x\n" * (longest + 1)))
