// Calls (call.h): between Values and the structs that kernels take, one line a type.
#include "compiler/evaluate/call.h"

#include "runtime/types/check.h"

#include <array>
#include <cstring>

namespace sanku::evaluate {
namespace {

template <class T> void put_known(abi::Slot& slot, const T& value) {
  static_assert(sizeof(Maybe<T>) <= sizeof(abi::Slot));
  Maybe<T> maybe{};
  maybe.value = value;
  maybe.known = true;
  std::memcpy(slot.bytes, &maybe, sizeof(maybe));
}

template <class T> void put_plain(abi::Slot& slot, const Value& value) {
  check(std::holds_alternative<T>(value), "an argument is not of the kernel's type");
  put_known(slot, std::get<T>(value));
}

template <class T> Maybe<T> read(const abi::Slot& slot) {
  Maybe<T> maybe{};
  std::memcpy(&maybe, slot.bytes, sizeof(maybe));
  return maybe;
}

template <class T> Value take_plain(const abi::Slot& slot) {
  const Maybe<T> maybe = read<T>(slot);
  return maybe.known ? Value(maybe.value) : Value(Unknown{});
}

} // namespace

std::uint32_t Calls::Numbers::id(const std::string& text) {
  const auto next = first + static_cast<std::uint32_t>(texts.size());
  const auto [place, added] = ids.emplace(text, next);
  if (added)
    texts.push_back(text);
  return place->second;
}

const std::string& Calls::Numbers::text(std::uint32_t id) const {
  check(id >= first && id - first < texts.size(), "a kernel made up a code");
  return texts[id - first];
}

void Calls::clear() {
  for (Numbers* numbers : {&codes_, &unlisted_}) {
    numbers->ids.clear();
    numbers->texts.clear();
  }
}

Value Calls::call(const kernels::KernelRow& kernel, std::span<const Value> arguments) {
  check(arguments.size() == kernel.arity, "a kernel is called with another number of arguments");
  std::array<abi::Slot, 4> slots{}; // all zero is what an unknown argument looks like
  std::array<const void*, 4> pointers{};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (is_known(arguments[i]))
      put(kernel.params[i].tag, arguments[i], slots[i]);
    pointers[i] = slots[i].bytes;
  }
  abi::Slot result{};
  kernel.call(pointers.data(), result.bytes);
  return take(kernel.result, result);
}

void Calls::put(kernels::Tag tag, const Value& argument, abi::Slot& slot) {
  using kernels::Tag;
  switch (tag) {
  case Tag::boolean:
    return put_plain<Bool>(slot, argument);
  case Tag::integer:
    return put_plain<Integer>(slot, argument);
  case Tag::decimal:
    return put_plain<Decimal>(slot, argument);
  case Tag::date:
    return put_plain<Date>(slot, argument);
  case Tag::datetime:
    return put_plain<DateTime>(slot, argument);
  case Tag::span:
    return put_plain<Span>(slot, argument);
  case Tag::window:
    return put_plain<Window>(slot, argument);
  case Tag::age:
    return put_plain<Age>(slot, argument);
  case Tag::count:
    return put_plain<Count>(slot, argument);
  case Tag::code:
    check(std::holds_alternative<CodeText>(argument), "an argument is not of the kernel's type");
    return put_known(slot, Code{codes_.id(std::get<CodeText>(argument).text)});
  case Tag::enumeration: {
    check(std::holds_alternative<EnumValue>(argument), "an argument is not of the kernel's type");
    const EnumValue& value = std::get<EnumValue>(argument);
    return put_known(slot, Enum{value.id != 0 ? value.id : unlisted_.id(value.unlisted)});
  }
  case Tag::score:
    return put_plain<Score>(slot, argument);
  case Tag::text: {
    check(std::holds_alternative<std::string>(argument), "an argument is not of the kernel's type");
    const std::string& text = std::get<std::string>(argument);
    return put_known(slot, Text{text.data(), text.size()});
  }
  }
}

Value Calls::take(kernels::Tag tag, const abi::Slot& slot) const {
  using kernels::Tag;
  switch (tag) {
  case Tag::boolean:
    return take_plain<Bool>(slot);
  case Tag::integer:
    return take_plain<Integer>(slot);
  case Tag::decimal:
    return take_plain<Decimal>(slot);
  case Tag::date:
    return take_plain<Date>(slot);
  case Tag::datetime:
    return take_plain<DateTime>(slot);
  case Tag::span:
    return take_plain<Span>(slot);
  case Tag::window:
    return take_plain<Window>(slot);
  case Tag::age:
    return take_plain<Age>(slot);
  case Tag::count:
    return take_plain<Count>(slot);
  case Tag::code: {
    const auto code = read<Code>(slot);
    return code.known ? Value(CodeText{codes_.text(code.value.id)}) : Value(Unknown{});
  }
  case Tag::enumeration: {
    const auto value = read<Enum>(slot);
    if (!value.known)
      return Unknown{};
    if (value.value.id < first_unlisted)
      return EnumValue{.id = value.value.id, .unlisted = {}};
    return EnumValue{.id = 0, .unlisted = unlisted_.text(value.value.id)};
  }
  case Tag::score:
    return take_plain<Score>(slot);
  case Tag::text: {
    const auto text = read<Text>(slot);
    return text.known ? Value(std::string(text.value.data, text.value.size)) : Value(Unknown{});
  }
  }
  unreachable("a kernel result of no known type");
}

} // namespace sanku::evaluate
