"""Words that an attacker who knows this city and its offices tries first, in small letters."""

PLACES = (
    "ningde", "jiaocheng", "xiapu", "gutian", "pingnan", "shouning", "zhouning", "zherong", "fuan", "fuding",
    "dongqiao", "mindong", "fujian", "fuzhou", "ndsw", "宁德", "蕉城", "霞浦", "古田", "屏南", "寿宁", "周宁", "柘荣",
    "福安", "福鼎", "东侨", "闽东", "福建",
)  # fmt: skip
OFFICES = (
    "ndfgw", "fgw", "fgj", "fagai", "fagaiwei", "fagaiju", "zhengfu", "gongxin", "jiaotong", "ziran", "zhujian",
    "tongji", "xiangmu", "zhongdian", "project", "projects", "gov", "发改委", "发改局", "发改", "政府", "项目", "重点",
    "统计", "督查",
)  # fmt: skip
COMMON = (
    "password", "passwort", "passwd", "passw", "pass", "mima", "secret", "login", "signin", "denglu", "admin",
    "administrator", "guanliyuan", "root", "user", "guest", "test", "sample", "demo", "default", "changeme", "change",
    "welcome", "huanying", "hello", "letmein", "iloveyou", "woaini", "woaizhongguo", "zhongguo", "china", "beijing",
    "monkey", "dragon", "sunshine", "princess", "football", "baseball", "superman", "batman", "master", "shadow",
    "michael", "qwerty", "asdf", "zxcv", "qazwsx", "1qaz", "2wsx", "5201314", "520", "1314", "888", "666", "密码",
    "管理员", "登录", "你好", "中国", "我爱你",
)  # fmt: skip
WEAK_WORDS = frozenset({*PLACES, *OFFICES, *COMMON})
