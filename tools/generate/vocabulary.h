// The words of invented names: people, places, departments, drugs, services, consumables. Constants
// only; no table here restricts anything, and no name is a real person's or institution's. The
// entry is each list itself.
#pragma once

#include <cstddef>
#include <string_view>

namespace sanku::generate {

using std::string_view_literals::operator""sv;

inline constexpr std::string_view surnames[] = {
    "王"sv, "李"sv, "张"sv, "刘"sv, "陈"sv, "杨"sv, "赵"sv, "黄"sv, "周"sv, "吴"sv,
    "徐"sv, "孙"sv, "胡"sv, "朱"sv, "高"sv, "林"sv, "何"sv, "郭"sv, "马"sv, "罗"sv,
    "梁"sv, "宋"sv, "郑"sv, "谢"sv, "韩"sv, "唐"sv, "冯"sv, "于"sv, "董"sv, "萧"sv,
    "程"sv, "曹"sv, "袁"sv, "邓"sv, "许"sv, "傅"sv, "沈"sv, "曾"sv, "彭"sv, "欧阳"sv};

// First the characters given to men, then those given to women; the middle third to both.
inline constexpr std::string_view given_names[] = {
    "伟"sv, "强"sv, "磊"sv, "军"sv, "勇"sv, "杰"sv, "涛"sv, "斌"sv, "浩"sv, "刚"sv,
    "建"sv, "国"sv, "志"sv, "文"sv, "明"sv, "晓"sv, "华"sv, "平"sv, "春"sv, "云"sv,
    "芳"sv, "娜"sv, "敏"sv, "静"sv, "丽"sv, "艳"sv, "娟"sv, "霞"sv, "玲"sv, "桂"sv};

struct Place {
  std::string_view area; // administrative division, six digits
  std::string_view city;
};

inline constexpr Place places[] = {
    {"330100"sv, "杭州"sv}, {"330200"sv, "宁波"sv}, {"330300"sv, "温州"sv}, {"320100"sv, "南京"sv},
    {"320500"sv, "苏州"sv}, {"310100"sv, "上海"sv}, {"110100"sv, "北京"sv}, {"440100"sv, "广州"sv},
    {"440300"sv, "深圳"sv}, {"510100"sv, "成都"sv}, {"420100"sv, "武汉"sv}, {"610100"sv, "西安"sv},
    {"370100"sv, "济南"sv}, {"370200"sv, "青岛"sv}, {"410100"sv, "郑州"sv}, {"430100"sv, "长沙"sv},
    {"340100"sv, "合肥"sv}, {"350100"sv, "福州"sv}, {"350200"sv, "厦门"sv}, {"500100"sv, "重庆"sv},
    {"210100"sv, "沈阳"sv}, {"360100"sv, "南昌"sv}, {"530100"sv, "昆明"sv}, {"520100"sv, "贵阳"sv}};

struct Department {
  std::string_view code;
  std::string_view name;
};

inline constexpr Department departments[] = {
    {"A03.01"sv, "呼吸内科"sv},   {"A03.02"sv, "消化内科"sv}, {"A03.03"sv, "神经内科"sv},
    {"A03.04"sv, "心血管内科"sv}, {"A03.06"sv, "肾病学"sv},   {"A03.07"sv, "内分泌科"sv},
    {"A04.01"sv, "普通外科"sv},   {"A04.02"sv, "神经外科"sv}, {"A04.03"sv, "骨科"sv},
    {"A04.04"sv, "泌尿外科"sv},   {"A05"sv, "妇产科"sv},      {"A07"sv, "儿科"sv},
    {"A10"sv, "眼科"sv},          {"A11"sv, "耳鼻咽喉科"sv},  {"A12"sv, "口腔科"sv},
    {"A13"sv, "皮肤科"sv},        {"A19"sv, "肿瘤科"sv},      {"A20"sv, "急诊医学科"sv},
    {"A21"sv, "康复医学科"sv},    {"A50"sv, "中医科"sv}};

inline constexpr std::string_view western_drug_names[] = {
    "阿莫西林"sv, "头孢呋辛酯"sv,     "左氧氟沙星"sv,   "阿奇霉素"sv,     "甲硝唑"sv,
    "头孢克肟"sv, "奥美拉唑"sv,       "雷贝拉唑钠"sv,   "多潘立酮"sv,     "铝碳酸镁"sv,
    "蒙脱石"sv,   "氨氯地平"sv,       "硝苯地平"sv,     "缬沙坦"sv,       "厄贝沙坦"sv,
    "美托洛尔"sv, "比索洛尔"sv,       "阿托伐他汀钙"sv, "瑞舒伐他汀钙"sv, "阿司匹林"sv,
    "氯吡格雷"sv, "单硝酸异山梨酯"sv, "二甲双胍"sv,     "格列美脲"sv,     "阿卡波糖"sv,
    "西格列汀"sv, "达格列净"sv,       "布洛芬"sv,       "对乙酰氨基酚"sv, "双氯芬酸钠"sv,
    "塞来昔布"sv, "氯雷他定"sv,       "孟鲁司特钠"sv,   "氨溴索"sv,       "乙酰半胱氨酸"sv,
    "布地奈德"sv, "甲钴胺"sv,         "维生素B1"sv,     "叶酸"sv,         "碳酸钙D3"sv,
    "骨化三醇"sv, "呋塞米"sv,         "螺内酯"sv,       "劳拉西泮"sv,     "坦索罗辛"sv,
    "非那雄胺"sv, "地西泮"sv,         "艾司唑仑"sv,     "舍曲林"sv,       "卡马西平"sv,
    "普瑞巴林"sv, "左甲状腺素钠"sv,   "泼尼松"sv,       "地塞米松"sv};

inline constexpr std::string_view injection_names[] = {
    "氯化钠"sv,     "葡萄糖"sv,   "氯化钾"sv,     "地塞米松磷酸钠"sv, "盐酸氨溴索"sv, "呋塞米"sv,
    "左氧氟沙星"sv, "甲硝唑"sv,   "奥美拉唑钠"sv, "头孢曲松钠"sv,     "头孢呋辛钠"sv, "青霉素钠"sv,
    "维生素C"sv,    "维生素B6"sv, "甲氧氯普胺"sv, "利多卡因"sv,       "肝素钠"sv,     "甘露醇"sv};

inline constexpr std::string_view patent_drug_names[] = {
    "板蓝根"sv,   "连花清瘟"sv, "复方丹参"sv, "血塞通"sv,   "银杏叶"sv,   "脑心通"sv,
    "六味地黄"sv, "逍遥"sv,     "藿香正气"sv, "香砂六君"sv, "保和"sv,     "三九胃泰"sv,
    "蓝芩"sv,     "急支"sv,     "川贝枇杷"sv, "小柴胡"sv,   "清开灵"sv,   "双黄连"sv,
    "麝香保心"sv, "稳心"sv,     "通心络"sv,   "舒筋活络"sv, "云南白药"sv, "活血止痛"sv};

// Medicinal pieces that stand in no table.
inline constexpr std::string_view piece_names[] = {
    "白术"sv, "川芎"sv, "熟地黄"sv, "牡丹皮"sv, "泽泻"sv,   "柴胡"sv,   "黄芩"sv, "连翘"sv,
    "防风"sv, "荆芥"sv, "桔梗"sv,   "苦杏仁"sv, "麦冬"sv,   "酸枣仁"sv, "远志"sv, "丹参"sv,
    "红花"sv, "桃仁"sv, "牛膝"sv,   "杜仲"sv,   "枳壳"sv,   "厚朴"sv,   "苍术"sv, "生地黄"sv,
    "续断"sv, "独活"sv, "羌活"sv,   "前胡"sv,   "紫苏叶"sv, "竹茹"sv};

struct DoseForm {
  std::string_view name;
  std::string_view spec;
  std::string_view unit;
  std::string_view code; // the four signs of a dose form in a drug code
};

// The last two are injected.
inline constexpr DoseForm western_forms[] = {{"片"sv, "10mg×28片/盒"sv, "盒"sv, "A001"sv},
                                             {"胶囊"sv, "0.25g×24粒/盒"sv, "盒"sv, "E001"sv},
                                             {"缓释片"sv, "30mg×14片/盒"sv, "盒"sv, "A010"sv},
                                             {"分散片"sv, "0.1g×6片/盒"sv, "盒"sv, "A006"sv},
                                             {"颗粒"sv, "3g×10袋/盒"sv, "盒"sv, "I001"sv},
                                             {"口服溶液"sv, "100ml/瓶"sv, "瓶"sv, "O001"sv},
                                             {"注射液"sv, "2ml:0.1g/支"sv, "支"sv, "B002"sv},
                                             {"注射用粉针"sv, "0.5g/瓶"sv, "瓶"sv, "B001"sv}};
inline constexpr std::size_t injected_forms = 2;

inline constexpr DoseForm patent_forms[] = {
    {"颗粒"sv, "10g×10袋/盒"sv, "盒"sv, ""sv},    {"胶囊"sv, "0.35g×36粒/盒"sv, "盒"sv, ""sv},
    {"片"sv, "0.32g×60片/盒"sv, "盒"sv, ""sv},    {"丸"sv, "9g×10丸/盒"sv, "盒"sv, ""sv},
    {"口服液"sv, "10ml×12支/盒"sv, "盒"sv, ""sv}, {"软膏"sv, "20g/支"sv, "支"sv, ""sv}};

struct ServiceWord {
  std::string_view chapter;  // the first six digits of the code
  std::string_view category; // chrg_type
  std::string_view name;
};

inline constexpr ServiceWord service_words[] = {{"002501"sv, "04"sv, "血细胞分析"sv},
                                                {"002501"sv, "04"sv, "尿液分析"sv},
                                                {"002501"sv, "04"sv, "粪便常规"sv},
                                                {"002503"sv, "04"sv, "血清总蛋白测定"sv},
                                                {"002503"sv, "04"sv, "血清肌酐测定"sv},
                                                {"002503"sv, "04"sv, "葡萄糖测定"sv},
                                                {"002503"sv, "04"sv, "血清总胆固醇测定"sv},
                                                {"002503"sv, "04"sv, "丙氨酸氨基转移酶测定"sv},
                                                {"002503"sv, "04"sv, "血清尿酸测定"sv},
                                                {"002504"sv, "04"sv, "C反应蛋白测定"sv},
                                                {"002504"sv, "04"sv, "乙肝表面抗原测定"sv},
                                                {"002505"sv, "04"sv, "细菌培养及鉴定"sv},
                                                {"002102"sv, "03"sv, "磁共振平扫"sv},
                                                {"002103"sv, "03"sv, "CT平扫"sv},
                                                {"002101"sv, "03"sv, "X线摄影"sv},
                                                {"002202"sv, "03"sv, "彩色多普勒超声检查"sv},
                                                {"003107"sv, "03"sv, "常规心电图检查"sv},
                                                {"003106"sv, "03"sv, "肺通气功能检查"sv},
                                                {"001204"sv, "05"sv, "静脉输液"sv},
                                                {"001204"sv, "05"sv, "肌肉注射"sv},
                                                {"001206"sv, "05"sv, "换药"sv},
                                                {"001210"sv, "05"sv, "雾化吸入"sv},
                                                {"003402"sv, "05"sv, "运动疗法"sv},
                                                {"004300"sv, "05"sv, "普通针刺"sv},
                                                {"004500"sv, "05"sv, "推拿治疗"sv},
                                                {"003401"sv, "05"sv, "中频脉冲电治疗"sv},
                                                {"001201"sv, "07"sv, "口腔护理"sv},
                                                {"001102"sv, "02"sv, "专科诊察"sv}};

inline constexpr std::string_view laboratory_variants[] = {
    ""sv, "(仪器法)"sv, "(化学发光法)"sv, "(酶法)"sv, "(免疫比浊法)"sv, "(每增加一项)"sv};
inline constexpr std::string_view examination_variants[] = {""sv, "(床旁)"sv, "(三维重建)"sv,
                                                            "(双侧)"sv, "(每增加一个部位)"sv};
inline constexpr std::string_view treatment_variants[] = {""sv, "(加收)"sv, "(单侧)"sv, "(双侧)"sv};

inline constexpr std::string_view consumable_words[] = {
    "一次性使用输液器"sv, "一次性使用注射器"sv, "静脉留置针"sv,
    "医用敷料"sv,         "导尿管"sv,           "引流袋"sv,
    "可吸收缝线"sv,       "止血材料"sv,         "棉签"sv,
    "医用胶贴"sv,         "采血针"sv,           "吸氧管"sv};

// Diagnoses that a general hospital sees most; the curve of popularity starts with them.
inline constexpr std::string_view common_diagnoses[] = {
    "I10.x00"sv, "E11.900"sv, "J06.900"sv, "I25.103"sv, "K29.500"sv, "J20.900"sv, "M54.500"sv,
    "I63.900"sv, "J18.900"sv, "E78.500"sv, "K29.700"sv, "I25.900"sv, "M47.800"sv, "N39.000"sv,
    "J40.x00"sv, "K52.900"sv, "R42.x00"sv, "M17.900"sv, "J45.900"sv, "G47.000"sv, "K80.200"sv,
    "L30.900"sv, "J02.900"sv, "H10.900"sv, "N20.000"sv, "K05.100"sv, "J44.900"sv, "E04.900"sv,
    "N18.900"sv, "D64.900"sv, "S93.400"sv};

} // namespace sanku::generate
