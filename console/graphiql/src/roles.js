// The roles of `dataspace.caller.Role`, as people call them.
import { language } from './language.js'

const ROLES = {
  org_admin: ['Organisation administrator', '机构管理员'],
  data_steward: ['Data steward', '数据接入员'],
  registrar: ['Registrar', '登记员'],
  reg_approver: ['Registration approver', '登记审批员'],
  developer: ['Product developer', '产品加工员'],
  product_publisher: ['Product publisher', '产品上架员'],
  product_buyer: ['Product buyer', '产品订阅员'],
  data_requester: ['Data requester', '数据订阅员'],
  sub_approver: ['Subscription approver', '订阅审批员'],
  demand_publisher: ['Demand publisher', '需求发布员'],
  demand_taker: ['Demand taker', '需求承接员'],
  agency_reviewer1: ['First reviewer', '初审人'],
  agency_reviewer2: ['Second reviewer', '复审人'],
  supervisor: ['Supervisor', '监管方'],
  platform_admin: ['Platform administrator', '平台管理员'],
  sysadmin: ['System administrator', '系统管理员'],
  secadmin: ['Security administrator', '安全管理员'],
  auditor: ['Auditor', '审计员'],
}

/** The names of the roles that this page knows, in the order above; the issuer's own are left out. */
export const roleNames = roles =>
  Object.keys(ROLES).filter(role => roles.includes(role)).map(role => ROLES[role][language === 'zh' ? 1 : 0])
