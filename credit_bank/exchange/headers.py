"""The fields of the two imports and the headers they go by, in Chinese and English, as registrars write them."""

from credit_bank.exchange.mapping import Field, field

_CREDITS = "学分|学分值|学分数|课程学分|credit|credit value|credit hours|units|unit|cr|学分分值"
_HOURS = "学时|总学时|课时|总课时|学时数|课时数|hour|total hours|学习学时"
_CONTACT = "面授学时|课堂学时|授课学时|面授课时|contact hour|class hours|teaching hours"
_NOTIONAL = "标准学时|学习时间|学习时长|notional hour|learning hours|study hours|workload|workload hours"
_HOUR_KIND = "学时类型|学时类别|学时性质|课时类型|hours kind|hour type|hours type|kind of hours|type of hours"
_LEVEL = "等级|级别|层级|层次|框架等级|学分等级|level code|framework level|qf level|nqf level|eqf level"
_CATEGORY = (
    "类别|成果类别|成果类型|学习成果类别|学习成果类型|教育类别|学分类别|outcome category|outcome type|type of outcome"
)
_LANGUAGE = "语言|授课语言|教学语言|lang|language of instruction|teaching language"

CATALOGUE: tuple[Field, ...] = (
    field(
        "code",
        "课程代码|课程编号|课程编码|课程号|代码|编号|编码|证书代码|course code|course id|course number|course no|id",
        required=True,
    ),
    field(
        "title",
        "课程名称|课程|课程名|名称|课程标题|证书名称|活动名称|项目名称|course title|course name|name|course|标题",
        required=True,
    ),
    field("credits", _CREDITS),
    field("credits_min", "最低学分|最少学分|学分下限|min credits|minimum credits|credits from"),
    field("credits_max", "最高学分|最多学分|学分上限|max credits|maximum credits|credits to"),
    field("hours", _HOURS),
    field("contact_hours", _CONTACT),
    field("notional_hours", _NOTIONAL),
    field("hour_kind", _HOUR_KIND),
    field("level", _LEVEL),
    field("category", _CATEGORY),
    field(
        "description",
        "简介|课程简介|课程描述|描述|说明|课程说明|内容|课程内容|课程介绍|介绍|course description|"
        "summary|desc|abstract",
    ),
    field("language", _LANGUAGE),
    field(
        "prerequisites",
        "先修课程|先修|先修要求|前置课程|先修课|prereq|prereqs|prerequisite|pre requisites|prerequisite courses",
    ),
    field(
        "subject",
        "学科|专业|院系|学院|开课单位|开课院系|开课学院|系部|学科门类|所属专业|school|department|"
        "faculty|dept|discipline|college|subject area",
    ),
)

OUTCOMES: tuple[Field, ...] = (
    field(
        "account",
        "账号|帐号|账户|学习账号|学习账户|学分银行账号|学分账号|个人账号|账户号|账号号码|account number|"
        "account no|learner account",
    ),
    field("document_type", "证件类型|证件种类|证件类别|id type|document kind|type of document"),
    field("document_number", "证件号|证件号码|证件编号|id number|id no|identity number|document no|identity document"),
    field(
        "resident_id",
        "身份证|身份证号|身份证号码|居民身份证|居民身份证号|公民身份号码|resident id number|id card|id card number",
    ),
    field(
        "name", "姓名|学员姓名|学生姓名|学习者姓名|学员|学生|学习者|learner|learner name|student name|full name|student"
    ),
    field(
        "course_code",
        "课程代码|课程编号|课程编码|课程号|证书代码|成果代码|项目代码|code|course id|course number|course no",
    ),
    field(
        "course_title",
        "课程名称|课程|课程名|成果名称|学习成果名称|证书名称|活动名称|项目名称|title|course|course name|"
        "certificate|outcome|achievement",
    ),
    field(
        "awarded",
        "获得日期|取得日期|授予日期|颁发日期|发证日期|结业日期|完成日期|日期|获得时间|取得时间|结业时间|"
        "完成时间|认定日期"
        "|date|award date|awarded date|awarded on|date awarded|issue date|issued|completion date|"
        "completed|completed on",
    ),
    field("credits", _CREDITS + "|获得学分|所获学分|取得学分|credits earned|earned credits"),
    field("hours", _HOURS),
    field("contact_hours", _CONTACT),
    field("notional_hours", _NOTIONAL),
    field("hour_kind", _HOUR_KIND),
    field("level", _LEVEL),
    field("category", _CATEGORY),
    field(
        "grade",
        "成绩|分数|得分|总评|总评成绩|成绩等级|最终成绩|考核结果|考试成绩|考核成绩|score|mark|result|final grade",
    ),
    field(
        "valid_until",
        "有效期|有效期至|有效期限|有效至|有效日期|到期日|到期日期|失效日期|截止日期|valid until|"
        "valid to|expires|expiry|expiry date"
        "|expiration date|expires on|valid through",
    ),
    field("term", "学期|学年学期|开课学期|学年|term|semester|academic term|academic year"),
)
