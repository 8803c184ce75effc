"""What each role is called (`docs/explanation/roles.md` says what it may do)."""

from dataspace.caller import Role
from dataspace.text import Text

TITLES: dict[Role, Text] = {
    Role.ORG_ADMIN: Text("Organisation administrator", "机构管理员"),
    Role.DATA_STEWARD: Text("Data steward", "数据接入员"),
    Role.REGISTRAR: Text("Registrar", "登记员"),
    Role.REG_APPROVER: Text("Registration approver", "数据登记审批员"),
    Role.DEVELOPER: Text("Product developer", "产品加工员"),
    Role.PRODUCT_PUBLISHER: Text("Product publisher", "产品上架员"),
    Role.PRODUCT_BUYER: Text("Product subscriber", "产品订阅员"),
    Role.DATA_REQUESTER: Text("Data subscriber", "数据订阅员"),
    Role.SUB_APPROVER: Text("Subscription approver", "订阅审批员"),
    Role.DEMAND_PUBLISHER: Text("Demand publisher", "需求发布员"),
    Role.DEMAND_TAKER: Text("Demand taker", "需求承接员"),
    Role.AGENCY_REVIEWER1: Text("First reviewer", "初审人"),
    Role.AGENCY_REVIEWER2: Text("Second reviewer", "复审人"),
    Role.SUPERVISOR: Text("Supervisor", "监管方"),
    Role.PLATFORM_ADMIN: Text("Platform administrator", "平台管理员"),
    Role.SYSADMIN: Text("System administrator", "系统管理员"),
    Role.SECADMIN: Text("Security administrator", "安全管理员"),
    Role.AUDITOR: Text("Auditor", "审计员"),
    Role.SCHEDULER: Text("Scheduler of the hub", "平台定时作业"),
}
