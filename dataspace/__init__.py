"""The words and the rules of the data space: standard library only, no framework, no I/O.

Eight words carry the rest; every name in the code, the interface and the documents keeps to them:

* **Participant** 主体: an organisation or department that takes part under its own identity.
* **Resource** 公共数据资源: a registered public data set with its items, provider and conditions.
* **Authorisation** 授权: who may work on which resources, for which purpose, until when.
* **Product** 数据产品: what is made from authorised resources, registered and listed.
* **Space** 数据空间: the city's space, or an industry's within it, with members and rules.
* **Node** 节点: one running instance of the platform, under an operator.
* **Asset** 资产文件: a file in storage that something in the catalogue refers to.
* **Evidence** 存证: the record that every change leaves, chained so that none can be altered.
"""
