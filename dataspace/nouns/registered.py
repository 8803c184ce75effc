"""What an entry of the catalogue says of its publicity (L2), and of the source it came from."""

from dataspace.shape import Reader, moment_field, text_field

PUBLICITY = (
    moment_field("public_since", "In publicity since", "公示开始时间", sort=True),
    text_field("objected_by", "Who objected", "异议提出人", length_max=80, reader=Reader.OWNER),
    text_field("objected_handler", "Person who objected", "异议经办人", length_max=80, reader=Reader.STAFF),
    moment_field("objected_at", "When the objection was filed", "异议提出时间", sort=True, reader=Reader.OWNER),
    text_field("objection_ground", "Ground of the objection", "异议理由", length_max=4000, reader=Reader.OWNER),
)
SOURCE = (
    text_field("source", "Catalogue that it came from", "来源目录", length_max=200, filter=True, facet=True),
    text_field("source_record", "Its identifier there", "来源记录标识", length_max=200, filter=True),
    text_field("source_address", "Its address there", "来源地址", length_max=2000),
    text_field("provider_as_given", "Provider as the source spells it", "来源所写提供方", filter=True),
    text_field("source_fingerprint", "Hash of what the source said", "来源指纹", length_max=64, reader=Reader.STAFF),
    moment_field("vanished_at", "When the source no longer listed it", "来源下架时间", sort=True),
)
