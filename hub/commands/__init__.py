"""The commands of `cityspace`, in the order in which a newcomer meets them.

Each is one small module with `arguments(parser)` and `run(call)`; a module is imported only
when its command is called, so that `serve` starts without what `import` needs.
"""

from dataclasses import dataclass

from dataspace.text import Text


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    module: str
    meaning: Text


COMMANDS = (
    Command("serve", "serve", Text("Run the node and open its doors", "启动节点并提供服务")),
    Command(
        "demo",
        "federation.demo",
        Text("Serve a made-up city with its sub-spaces", "启动演示城市及其子空间"),
    ),
    Command("import", "importing", Text("Bring a city's catalogue in", "导入城市数据目录")),
    Command("seed", "seed", Text("Fill an empty node with a made-up city", "为空节点填入演示城市")),
    Command(
        "identity",
        "identity",
        Text(
            "Set the Keycloak realm up, and do what it has still to be told",
            "配置 Keycloak 身份域，并办理待同步事项",
        ),
    ),
    Command("check", "check", Text("Try every part and say what is wrong", "检查各部件并指出问题")),
    Command(
        "quality",
        "quality",
        Text(
            "Measure data, note late supply, propose metadata", "评测数据质量、核查更新、建议元数据"
        ),
    ),
    Command(
        "assets",
        "assets",
        Text("Set up the store of the files", "初始化资产文件存储"),
    ),
    Command(
        "evidence",
        "evidence",
        Text("Verify the evidence, or prove one record of it", "核验存证，或给出单条存证的证明"),
    ),
    Command(
        "catalogue",
        "catalogue",
        Text("Write the whole catalogue to a file, or load it", "将整个目录写入文件，或从文件载入"),
    ),
    Command(
        "notice",
        "notice",
        Text("Send what is due, list and retry what was given up", "投递消息，列出并重投已放弃的"),
    ),
    Command(
        "job",
        "job",
        Text("List, run and make up the scheduled jobs", "列出、运行与补做定时作业"),
    ),
    Command(
        "node",
        "node.command",
        Text("Join a city as a node, and act as one", "以节点加入城市并办理节点事项"),
    ),
    Command(
        "profile",
        "federation.profile",
        Text("List the profiles, show one, or check a file", "列出、显示或检查领域配置"),
    ),
    Command("dev", "dev", Text("Start real servers to try it on", "启动用于试用的真实服务")),
    Command(
        "settings", "settings", Text("List every setting and its value", "列出全部设置及其取值")
    ),
    Command("schema", "schema", Text("Print the GraphQL schema", "输出 GraphQL 模式")),
    Command("token", "token", Text("Get a token as a demo person", "以演示用户身份获取令牌")),
)
