// The kernel table. One line adds a kernel: its name and the function; types are deduced. Compiled
// natively and to bitcode. Tested by tests/unit/runtime/kernels_test.cpp (tables of arguments and
// results worked out by hand).
#include "runtime/kernels/kernels.h"

#include "runtime/kernels/compare.h"
#include "runtime/kernels/logic.h"
#include "runtime/kernels/number.h"
#include "runtime/kernels/place.h"
#include "runtime/kernels/row.h"
#include "runtime/kernels/sets.h"
#include "runtime/kernels/text.h"
#include "runtime/kernels/time.h"

namespace sanku::kernels {
namespace {

template <auto F> constexpr KernelRow row(const char* name) { return Entry<F>::row(name); }
template <class R, class... A> using Function = R (*)(A...);

template <Relation R, class A, class B = A, class Result = Bool>
constexpr Function<Result, A, B> comparison = static_cast<Function<Result, A, B>>(&compare<R>);

} // namespace
} // namespace sanku::kernels

using namespace sanku; // NOLINT(google-build-using-namespace): a table is unreadable with every
                       // name qualified
using namespace sanku::kernels; // NOLINT(google-build-using-namespace): likewise

// One comparison for every type that has it.
#define COMPARISONS(NAME, R)                                                                       \
  row<comparison<R, Integer>>(NAME "_integer"), row<comparison<R, Decimal>>(NAME "_decimal"),      \
      row<comparison<R, Score>>(NAME "_score"), row<comparison<R, Date>>(NAME "_date"),            \
      row<comparison<R, DateTime, DateTime, Maybe<Bool>>>(NAME "_datetime"),                       \
      row<comparison<R, Span, Span, Maybe<Bool>>>(NAME "_span"),                                   \
      row<comparison<R, Age, Span, Maybe<Bool>>>(NAME "_age"),                                     \
      row<comparison<R, Enum, Enum, Maybe<Bool>>>(NAME "_enum"),                                   \
      row<comparison<R, Count, Count, Maybe<Bool>>>(NAME "_count"),                                \
      row<comparison<R, Count, Integer, Maybe<Bool>>>(NAME "_count_integer"),                      \
      row<comparison<R, Integer, Count, Maybe<Bool>>>(NAME "_integer_count")

#define EVERY_TYPE(NAME, F)                                                                        \
  row<F<Bool>>(NAME "_bool"), row<F<Integer>>(NAME "_integer"), row<F<Decimal>>(NAME "_decimal"),  \
      row<F<Date>>(NAME "_date"), row<F<DateTime>>(NAME "_datetime"), row<F<Span>>(NAME "_span"),  \
      row<F<Window>>(NAME "_window"), row<F<Age>>(NAME "_age"), row<F<Code>>(NAME "_code"),        \
      row<F<Enum>>(NAME "_enum"), row<F<Text>>(NAME "_text"), row<F<Score>>(NAME "_score")

extern "C" {
constexpr KernelRow sanku_kernels[] = {
    row<&logical_and>("and"),
    row<&logical_or>("or"),
    row<&logical_not>("not"),
    EVERY_TYPE("known", is_known),
    EVERY_TYPE("otherwise", otherwise),
    EVERY_TYPE("pick", pick),
    row<&as_count>("as_count"),
    row<&add_counts>("add_counts"),
    row<&code_in_set>("code_in_set"),
    row<&enum_in_set>("enum_in_set"),
    row<&integer_in_set>("integer_in_set"),
    row<&age_in_unit<SpanUnit::days>>("age_in_days"),
    row<&age_in_unit<SpanUnit::months>>("age_in_months"),
    row<&age_in_unit<SpanUnit::years>>("age_in_years"),
    row<&span_in_unit<SpanUnit::days>>("span_in_days"),
    row<&span_in_unit<SpanUnit::months>>("span_in_months"),
    row<&span_in_unit<SpanUnit::years>>("span_in_years"),
    row<&span_in_unit<SpanUnit::hours>>("span_in_hours"),
    row<&span_in_unit<SpanUnit::minutes>>("span_in_minutes"),
    row<comparison<Relation::equal, Bool>>("equal_bool"),
    row<comparison<Relation::not_equal, Bool>>("not_equal_bool"),
    row<comparison<Relation::equal, Code>>("equal_code"),
    row<comparison<Relation::not_equal, Code>>("not_equal_code"),
    COMPARISONS("equal", Relation::equal),
    COMPARISONS("not_equal", Relation::not_equal),
    COMPARISONS("less", Relation::less),
    COMPARISONS("less_equal", Relation::less_equal),
    COMPARISONS("greater", Relation::greater),
    COMPARISONS("greater_equal", Relation::greater_equal),
    row<&equal_text>("equal_text"),
    row<&not_equal_text>("not_equal_text"),
    row<&contains>("contains"),
    row<&starts_with>("starts_with"),
    row<static_cast<Function<Maybe<Integer>, Integer, Integer>>(&add)>("add_integer"),
    row<static_cast<Function<Maybe<Integer>, Integer, Integer>>(&subtract)>("subtract_integer"),
    row<static_cast<Function<Maybe<Integer>, Integer, Integer>>(&multiply)>("multiply_integer"),
    row<static_cast<Function<Maybe<Integer>, Integer>>(&negate)>("negate_integer"),
    row<static_cast<Function<Maybe<Decimal>, Decimal, Decimal>>(&add)>("add_decimal"),
    row<static_cast<Function<Maybe<Decimal>, Decimal, Decimal>>(&subtract)>("subtract_decimal"),
    row<static_cast<Function<Maybe<Decimal>, Decimal, Decimal>>(&multiply)>("multiply_decimal"),
    row<static_cast<Function<Maybe<Decimal>, Decimal>>(&negate)>("negate_decimal"),
    row<&divide>("divide"),
    row<&rescale>("rescale"),
    row<&widen_integer>("widen_integer"),
    row<&round_off>("round"),
    row<&number_to_score>("number_to_score"),
    row<&truth_to_score>("truth_to_score"),
    row<&exact_count>("exact_count"),
    row<static_cast<Function<Integer, Integer, Integer>>(&smaller<Integer>)>("smaller_integer"),
    row<static_cast<Function<Decimal, Decimal, Decimal>>(&smaller<Decimal>)>("smaller_decimal"),
    row<static_cast<Function<Date, Date, Date>>(&smaller<Date>)>("smaller_date"),
    row<static_cast<Function<DateTime, DateTime, DateTime>>(&smaller<DateTime>)>(
        "smaller_datetime"),
    row<static_cast<Function<Integer, Integer, Integer>>(&larger<Integer>)>("larger_integer"),
    row<static_cast<Function<Decimal, Decimal, Decimal>>(&larger<Decimal>)>("larger_decimal"),
    row<static_cast<Function<Date, Date, Date>>(&larger<Date>)>("larger_date"),
    row<static_cast<Function<DateTime, DateTime, DateTime>>(&larger<DateTime>)>("larger_datetime"),
    row<static_cast<Function<Span, Date, Date>>(&difference)>("difference_date"),
    row<static_cast<Function<Span, DateTime, DateTime>>(&difference)>("difference_datetime"),
    row<static_cast<Function<Maybe<Date>, Date, Span>>(&add)>("add_date"),
    row<static_cast<Function<Maybe<Date>, Date, Span>>(&subtract)>("subtract_date"),
    row<static_cast<Function<Maybe<DateTime>, DateTime, Span>>(&add)>("add_datetime"),
    row<static_cast<Function<Maybe<DateTime>, DateTime, Span>>(&subtract)>("subtract_datetime"),
    row<&date_of>("date_of"),
    row<&month_of>("month_of"),
    row<&packed_period>("packed_period"),
    row<&reaches_beyond>("reaches_beyond"),
    row<&start_of_day>("start_of_day"),
    row<&age_at>("age_at"),
    row<&span_to_window>("span_to_window"),
    row<&insured_window>("insured_window"),
    row<&within>("within"),
    row<&begins_before>("begins_before"),
    row<static_cast<Function<Maybe<Bool>, DateTime, DateTime, Span>>(&reaches_back<Span>)>(
        "reaches_back_span"),
    row<static_cast<Function<Maybe<Bool>, DateTime, DateTime, Window>>(&reaches_back<Window>)>(
        "reaches_back_window"),
    row<static_cast<Function<Maybe<Bool>, DateTime, DateTime, Span>>(&reaches_on<Span>)>(
        "reaches_on_span"),
    row<static_cast<Function<Maybe<Bool>, DateTime, DateTime, Window>>(&reaches_on<Window>)>(
        "reaches_on_window"),
    row<static_cast<Function<Maybe<Bool>, Date, DateTime, Span>>(&known_since<Span>)>(
        "known_since_span"),
    row<static_cast<Function<Maybe<Bool>, Date, DateTime, Window>>(&known_since<Window>)>(
        "known_since_window"),
    row<static_cast<Function<Maybe<Bool>, Date, DateTime, Span>>(&known_until<Span>)>(
        "known_until_span"),
    row<static_cast<Function<Maybe<Bool>, Date, DateTime, Window>>(&known_until<Window>)>(
        "known_until_window"),
    row<&zone_of>("zone_of"),
    row<&moment>("moment"),
    row<&in_zones>("in_zones"),
};
constexpr std::uint32_t sanku_kernel_count = sizeof(sanku_kernels) / sizeof(sanku_kernels[0]);
}

#undef COMPARISONS
#undef EVERY_TYPE
