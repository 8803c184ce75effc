// What stands in the first tab on a first visit; it runs on any catalogue, signed in or not.
export const SAMPLES = {
  zh: `# 这里可以向城市的数据目录提出任何问题：资源、产品、授权、主体与存证。
#
# 按 Ctrl-Enter 运行；输入时按 Ctrl-I，会提示可用的字段。
# 左侧“常用查询”里有现成的问题；“接口文档”说明每一个字段。
# 登录后，还能看到您有权查看的内容，并办理登记、提交与审核。

query Welcome {
  resources(first: 5) {
    totalCount # 您能看到的数据资源总数
    edges {
      node {
        name
        dataChangedAt
        provider {
          name
        }
      }
    }
  }
}
`,
  en: `# Ask the city's data catalogue anything: resources, products, authorisations,
# participants and evidence.
#
# Ctrl-Enter runs the query; Ctrl-I offers the fields that fit where you write.
# "Saved queries" on the left has questions ready to run; "Documentation" explains every field.
# Signed in, you also see what is yours to see, and can register, submit and review.

query Welcome {
  resources(first: 5) {
    totalCount # how many data resources you may see
    edges {
      node {
        name
        dataChangedAt
        provider {
          name
        }
      }
    }
  }
}
`,
}
