// Rules of the library for which nothing is planted, and why (plant_library.h).
#include "tools/generate/plant_library.h"

namespace sanku::generate {

const std::vector<NotPlanted>& not_planted() {
  static const std::vector<NotPlanted> reasons = {
      {"ZB*", "指标对每家机构都报告，不指认违规",
       "indicators report of every institution and blame nobody"},
      {"ML*", "模型只给线索，不指认违规", "models give leads only and blame nobody"},
      {"GZ10000101006 GZ10000101011 GZ10000102001 GZ10000102003 GZ10000102004 GZ10000102005 "
       "GZ10000102006 GZ10000102007 GZ10000102008 GZ10000102009 GZ10000102011 GZ10000102013 "
       "GZ10000102015 N2025030 GZ10000103001 GZ10000103002 GZ10000103003 GZ10000201003 "
       "GZ10000202001 GZ10000202002 GZ10000202003 GZ10000203001 GZ10000204005 GZ10000301001 "
       "GZ10000301003 GZ10000301005 GZ10000301006 GZ10000301007 GZ10000302001 GZ10000302002 "
       "GZ10000302005 GZ10000302006 GZ10000303001 GZ10000303002 GZ10000303003 N2025077 N2025087 "
       "WT003 WT006 WT010 WT011 WT012 WT013 WT014 WT016 WT018 WT022 WT106 WT121 WT128 JB119 JB144 "
       "JB145 "
       "JB146 JB147 JB148 JB149 JB152 JB153 JB154 JB155 JB157 JB158",
       "所依据的表由地方编写，全国为空，没有可以植入的行",
       "rests on a table that regions write; the nation's stands empty, so there is no row to "
       "plant from"},
      {"GZ10000101005", "是否经过一线治疗只有病历知道，没有答复时不能判定",
       "only the record knows what was tried first; undecided without an answer"},
      {"GZ10000102010 GZ10000204002 GZ10000204003 GZ10000204004 WT023 WT105 WT107 "
       "WT125 JB150",
       "要看同一人的许多次就诊或一段齐全的历史；生成的就诊至多知道前一次",
       "needs many visits of one person, or a past that is known whole; a generated visit knows "
       "one before it at most"},
      {"WT103 WT122 WT130", "要全体就诊一起判断", "is judged over all visits together"},
      {"WT005 WT008", "超出的小时、护理日同时超出每日限定",
       "more hours or nursing days also break the daily limit"},
      {"WT015", "要死亡登记或死亡日期", "needs a register of deaths or a day of death"},
      {"WT019", "同一追溯码也由全体判断的规则发现",
       "a trace code seen twice is also found over all visits"},
      {"WT021", "与虚假住院模型看的是同样的占比",
       "looks at the same shares as a model of false stays"},
  };
  return reasons;
}

} // namespace sanku::generate
