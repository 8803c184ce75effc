"""Vehicles, chargers and the grid (车桩网协同): a product of two spaces, at the node of one of them.

    python3 examples/vehicle_charger_grid.py --data data/demo --language zh

It needs a running `cityspace demo`, and asks its city and its energy node.
"""

from datetime import datetime, timedelta
from typing import Any

from story import ANYBODY, CITY, ENERGY, Code, Story, granted, list_product, mutation, reviewed

STATION, CHARGERS, DAYS = "CZ03", 5, 14
Row = dict[str, Any]
ON_THE_LIST = """{ resources(first: 5, search: "%s", filter: {state: {eq: "AUTHORISABLE"}}) {
  nodes { id name grade provider { name } space { code } originNode { name } } } }"""
PRODUCT = """{ products(first: 1, filter: {id: {eq: "%s"}}) { nodes {
  name grade availability suspendedBy { nodes { code title } }
  resources { nodes { name grade provider { name } space { name } } } } } }"""


def main() -> None:
    story = Story(__doc__ or "")
    records, parking = what_there_is(story)
    the_figure(story)
    grant = a_right_over_both(story, records, parking)
    product = built_at_the_node(story, grant, [records, parking])
    what_is_refused(story, grant, records, parking)
    what_falls_with_the_right(story, grant, product)


def what_there_is(story: Story) -> tuple[Row, Row]:
    story.step("谁拥有数据，谁发布，谁看得见", "Who owns what, who publishes it, and who sees it")
    story.holds(not story.find(CITY, ANYBODY, ON_THE_LIST % "充电记录"),
                "充电记录面向成员：未登录者在城市枢纽查不到",
                "Charging records are for members: who is not signed in finds none at the city")
    records = story.one(CITY, "grid", ON_THE_LIST % "充电记录")
    told = records["name"], records["provider"]["name"], records["originNode"]["name"]
    story.say("{}：由{}持有，由{}的节点发布，{} 级".format(*told, records["grade"]),
              "{}: held by {}, published by the node of {}, grade {}".format(*told, records["grade"]))
    found = story.find(CITY, ANYBODY, ON_THE_LIST % "公共停车场泊位")
    parking = next(each for each in found if each["name"] == "公共停车场泊位")
    owner = parking["provider"]["name"]
    story.holds(parking["originNode"] is None,
                f"{parking['name']}：由{owner}在城市枢纽登记，任何人可查到",
                f"{parking['name']}: registered at the city by {owner}, for anybody to find")
    return records, parking


def the_figure(story: Story) -> None:
    story.step("能源节点已有的产品，数字从何而来", "A product of the energy node, and where its figure comes from")
    query = """{ products(first: 1, filter: {template: {eq: "charging-use"}}) { nodes {
      name grade owner { name } sample { link } resources { nodes { grade sample { link } } } } } }"""
    made = story.one(ENERGY, "grid", query)
    [source] = made["resources"]["nodes"]
    [told] = [each for each in story.file(made["sample"]["link"]) if each["station"] == STATION]
    sessions = [each for each in story.file(source["sample"]["link"]) if each["station"] == STATION]
    charged = sum((moment(each["ended_at"]) - moment(each["begun_at"]) for each in sessions), timedelta())
    in_use = charged / (CHARGERS * DAYS * timedelta(days=1))
    hours = round(charged / timedelta(hours=1), 1)
    story.say(f"{STATION} 站 {DAYS} 天充电 {len(sessions)} 次，共 {hours} 小时；除以 {CHARGERS} 台 × {DAYS} 天 × 24 小时",
              f"Station {STATION}: {len(sessions)} sessions of {hours} hours in {DAYS} days, over {CHARGERS} "
              f"chargers × {DAYS} days × 24 hours")
    story.holds(f"{in_use:.4f}" == told["in_use"], f"产品所载时间利用率正是 {told['in_use']}",
                f"That is the share of time in use which the product tells: {told['in_use']}")
    story.holds(made["grade"] == source["grade"], f"产品等级 {made['grade']}，与来源相同",
                f"The product has the grade of its source: {made['grade']}")


def a_right_over_both(story: Story, records: Row, parking: Row) -> str:
    story.step("电网公司在城市枢纽申请授权，一次覆盖两个空间的资源",
               "The grid applies at the city, once, for resources of two spaces")
    query = ON_THE_LIST % "公共停车场泊位"
    before = parking["id"] in [each["id"] for each in story.find(ENERGY, "grid", query)]
    grant = granted(story, "grid", title="车桩网协同", purpose="按车位与充电需求安排有序充电",
                    resources=[records["id"], parking["id"]])
    story.say("两名审查人先后通过，授权生效", "Two reviewers pass it, one after the other: it is in force")
    held = f"""{{ authorisations(first: 1, filter: {{id: {{eq: "{grant}"}}}}) {{ nodes {{
        resources {{ nodes {{ name provider {{ name }} }} }} }} }} }}"""
    [told] = story.soon(lambda: story.find(ENERGY, "grid", held), "几秒后，授权到达能源节点",
                        "Seconds later the authorisation is at the energy node")
    names = "、".join(each["name"] for each in told["resources"]["nodes"])
    story.holds(len(told["resources"]["nodes"]) == 2, f"市交通委的资源条目随之到达：{names}",
                f"and the city's resource with it: {names}")
    if not before:
        story.say("在此之前，能源节点没有这一条目", "Before that the energy node did not have its entry")
    return grant


def built_at_the_node(story: Story, grant: str, sources: list[Row]) -> str:
    story.step("在能源节点起草、审查、登记并上架产品",
               "The product is drafted, reviewed, registered and listed at the energy node")
    ids = [each["id"] for each in sources]
    product = reviewed(story, ENERGY, "grid", name="车桩网协同调度建议", template="vehicle-charger-grid",
                       summary="各站分时充电建议", audience=Code("PUBLIC"), useKind=Code("INDUSTRY"),
                       priceFen=80000, resources=ids, authorisations=[grant],
                       extra=[{"name": "statistics_level", "value": "station"}])
    list_product(story, ENERGY, "grid", product)
    [shown] = story.soon(lambda: story.find(CITY, ANYBODY, PRODUCT % product), "任何人在城市枢纽都能查到它",
                         "Anybody finds it at the city")
    story.holds(shown["grade"] == max(each["grade"] for each in sources),
                f"等级 {shown['grade']}：取两个来源中较高者", f"Grade {shown['grade']}: that of its highest source")
    lineage = story.find(CITY, "grid", PRODUCT % product)[0]["resources"]["nodes"]
    for each in lineage:
        space = (each["space"] or {}).get("name") or "–"
        story.say(f"来源：{each['name']}（{each['provider']['name']}，{space}）",
                  f"Source: {each['name']} ({each['provider']['name']}, {space})")
    story.holds(len(lineage) == len(sources), "血缘跨两个空间可查", "Its lineage is read across both spaces")
    return product


def what_is_refused(story: Story, grant: str, records: Row, parking: Row) -> None:
    story.step("什么会被拒绝，理由是什么", "What is refused, and why")
    values = {"name": "停车评分", "summary": "按泊位评分", "audience": Code("PUBLIC"), "useKind": Code("INDUSTRY"),
              "priceFen": 100, "template": "vehicle-charger-grid",
              "extra": [{"name": "statistics_level", "value": "station"}]}
    draft = story.do(ENERGY, "developer", "productDraft", values={**values, "resources": [records["id"]]})
    story.say("城市银行没有授权，却想用充电记录", "The bank has no right to the charging records, and tries")
    story.refused(ENERGY, "developer", mutation("productSubmit", id=draft["id"]), code="product.source_not_granted")
    low = reviewed(story, ENERGY, "grid", **values, grade=1, resources=[records["id"], parking["id"]],
                   authorisations=[grant])
    story.say("电网公司想把产品定为 1 级，而来源为 2 级", "The grid would have it grade 1, and a source has grade 2")
    story.refused(ENERGY, "grid", mutation("productSubmit", id=low), code="product.grade_too_low")
    story.say("电网公司引用金融空间的企业月用电量，而能源节点未获告知",
              "The grid names a resource of the finance space, of which its node was not told")
    power = story.one(CITY, "grid", ON_THE_LIST % "企业月用电量")
    draft_of_it = mutation("productDraft", values={**values, "resources": [power["id"]]})
    story.refused(ENERGY, "grid", draft_of_it, code="catalogue.not_found")


def what_falls_with_the_right(story: Story, grant: str, product: str) -> None:
    story.step("授权暂停，产品随之暂停；恢复，则恢复", "The right is suspended, and the product with it; and back")
    story.do(CITY, "supervisor", "authorisationSuspend", id=grant, reason="核查用途")
    story.soon(lambda: suspended(story, CITY, product), "节点与枢纽都显示产品已暂停",
                        "Node and city both show the product suspended")
    [by] = suspended(story, ENERGY, product)["suspendedBy"]["nodes"]
    story.say(f"节点记明由谁导致：授权 {by['code']}（{by['title']}）",
              f"The node says by what: authorisation {by['code']} ({by['title']})")
    case = story.find(CITY, "reviewer2", f"""{{ accountabilityCases(first: 1, filter: {{
        authorisation: {{id: {{eq: "{grant}"}}}}}}) {{ nodes {{ id }} }} }}""")[0]["id"]
    story.do(CITY, "grid", "accountabilityCaseAnswer", id=case, reason="已更正")
    story.do(CITY, "reviewer2", "accountabilityCaseCloseRestored", id=case, reason="已核实")
    story.do(CITY, "reviewer2", "authorisationResume", id=grant, reason="已核实")
    story.soon(lambda: not suspended(story, CITY, product), "授权恢复后，产品恢复提供",
               "With the right back in force, the product is available again")


def suspended(story: Story, place: str, product: str) -> Row:
    """The product, if it is suspended there; nothing otherwise."""
    row = story.one(place, "grid", PRODUCT % product)
    return dict(row) if row["availability"] == "SUSPENDED" else {}


def moment(written: str) -> datetime:
    return datetime.fromisoformat(written.replace("Z", "+00:00"))


if __name__ == "__main__":
    main()
