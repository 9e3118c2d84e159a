// See jit.h: linking. One LLJIT holds one tier of one program; dropping the image frees its code.
// Externals are absolute symbols, so nothing of the process is looked up by chance.
#include "compiler/jit/jit.h"

#include "compiler/codegen/codegen.h"
#include "compiler/evaluate/population.h"
#include "compiler/jit/pipeline.h"
#include "runtime/exec/run.h"
#include "runtime/types/check.h"

#include <fmt/format.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/MemoryBuffer.h>

#include <algorithm>

namespace sanku::jit {
namespace {

namespace orc = llvm::orc;

// Functions that optimised 128-bit arithmetic calls; they live in the C runtime library.
extern "C" {
__extension__ typedef __int128 Wide;
Wide __divti3(Wide, Wide);
Wide __modti3(Wide, Wide);
Wide __multi3(Wide, Wide);
}

orc::SymbolMap external_symbols(orc::LLJIT& jit) {
  orc::SymbolMap symbols;
  const auto add = [&](const char* name, void* address) {
    symbols[jit.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(address),
                                          llvm::JITSymbolFlags::Exported |
                                              llvm::JITSymbolFlags::Callable};
  };
  for (const exec::External& external : exec::externals())
    add(external.name, external.address);
  add("__divti3", reinterpret_cast<void*>(&__divti3));
  add("__modti3", reinterpret_cast<void*>(&__modti3));
  add("__multi3", reinterpret_cast<void*>(&__multi3));
  add("memcpy", reinterpret_cast<void*>(&memcpy));
  add("memset", reinterpret_cast<void*>(&memset));
  add("memmove", reinterpret_cast<void*>(&memmove));
#ifdef SANKU_THREAD
  // g++'s ThreadSanitizer watches the ordinary names, and has none of its own for these.
  add("__tsan_memcpy", reinterpret_cast<void*>(&memcpy));
  add("__tsan_memset", reinterpret_cast<void*>(&memset));
  add("__tsan_memmove", reinterpret_cast<void*>(&memmove));
#endif
  return symbols;
}

// Every entry point that any rule needs, looked up at once.
llvm::Expected<orc::SymbolMap> find_entry_points(orc::LLJIT& jit, const Native& native,
                                                 const exec::ProgramImage& image) {
  orc::SymbolLookupSet names;
  for (std::size_t i = 0; i < image.rules.size(); ++i) {
    if (native.shapes[i].rule != i)
      continue;
    names.add(jit.mangleAndIntern(codegen::run_name(i)));
    for (std::size_t k = 0; k < image.rules[i].keys.size(); ++k)
      if (image.rules[i].keys[k].masks)
        names.add(jit.mangleAndIntern(codegen::masks_name(i, k)));
  }
  return jit.getExecutionSession().lookup(
      {{&jit.getMainJITDylib(), orc::JITDylibLookupFlags::MatchExportedSymbolsOnly}},
      std::move(names));
}

std::vector<exec::RuleCode> rule_codes(orc::LLJIT& jit, const orc::SymbolMap& found,
                                       const Native& native, const exec::ProgramImage& image) {
  const auto address = [&](const std::string& name) {
    return found.find(jit.mangleAndIntern(name))->second.getAddress();
  };
  std::vector<exec::RuleCode> rules;
  for (std::size_t i = 0; i < image.rules.size(); ++i) {
    exec::RuleCode& rule = rules.emplace_back();
    const std::uint32_t shape = native.shapes[i].rule;
    const orc::ExecutorAddr run = address(codegen::run_name(shape));
    if (image.rules[i].shape == exec::Shape::group)
      rule.run_groups = run.toPtr<exec::RunGroups>();
    else
      rule.run_subjects = run.toPtr<exec::RunSubjects>();
    for (std::size_t k = 0; k < image.rules[i].keys.size(); ++k)
      rule.run_masks.push_back(image.rules[i].keys[k].masks
                                   ? address(codegen::masks_name(shape, k)).toPtr<exec::RunMasks>()
                                   : nullptr);
  }
  return rules;
}

exec::Shape shape_of(hir::SubjectKind kind) {
  switch (kind) {
  case hir::SubjectKind::settlement:
    return exec::Shape::settlement;
  case hir::SubjectKind::element:
    return exec::Shape::element;
  case hir::SubjectKind::group:
    return exec::Shape::group;
  }
  unreachable("a subject has one of three shapes");
}

exec::RuleImage describe_rule(const hir::Rule& rule, const plan::Rule& planned,
                              std::vector<exec::Steps> heavy) {
  exec::RuleImage image{.shape = shape_of(planned.shape),
                        .relation = planned.relation,
                        .binders = rule.binders,
                        .keys = {},
                        .parameters = {},
                        .across = rule.subject.across,
                        .peers = {},
                        .heavy = std::move(heavy)};
  for (const hir::PeerUse& use : rule.peers)
    image.peers.push_back(evaluate::peer_shape(use));
  for (const plan::Key& key : planned.keys) {
    image.keys.push_back({.test = key.test,
                          .relation = key.relation,
                          .column = key.column,
                          .row_columns = key.row_columns,
                          .as_of = {},
                          .masks = key.has_header_condition(),
                          .header = key.header,
                          .visit = key.visit});
    for (const plan::Field& field : key.as_of)
      image.keys.back().as_of.emplace_back(field.relation, field.column);
  }
  return image;
}

// Links the object and finds the entry points.
llvm::Expected<std::unique_ptr<exec::Tier>> link(const exec::ProgramImage& image,
                                                 const Native& native) {
  auto machine = machine_builder(Level::optimised, {});
  if (!machine)
    return machine.takeError();
  auto jit = orc::LLJITBuilder().setJITTargetMachineBuilder(std::move(*machine)).create();
  if (!jit)
    return jit.takeError();
  if (auto error = (*jit)->getMainJITDylib().define(orc::absoluteSymbols(external_symbols(**jit))))
    return error;
  if (auto error = add_sanitizer_symbols(**jit))
    return error;
  // Instrumented objects run something when they are loaded, under the name of the buffer.
  for (std::size_t part = 0; part < native.objects.size(); ++part)
    if (auto error = (*jit)->addObjectFile(llvm::MemoryBuffer::getMemBufferCopy(
            native.objects[part], fmt::format("rules.{}", part))))
      return error;
  auto found = find_entry_points(**jit, native, image);
  if (!found)
    return found.takeError();
  auto tier = std::make_unique<exec::Tier>();
  tier->rules = rule_codes(**jit, *found, native, image);
  tier->machine.owner = jit->release();
  tier->machine.release = [](void* owner) {
    std::unique_ptr<orc::LLJIT>(static_cast<orc::LLJIT*>(owner)).reset();
  };
  return tier;
}

// Tables that differ would give another meaning to the numbers in the code.
bool same_tables(const exec::ProgramImage& image, const Native& native) {
  const auto same_shape = [](const exec::RuleImage& rule, const codegen::Shape& shape) {
    return rule.parameters == shape.parameters;
  };
  const auto same_slot = [](const exec::ConstantSlot& a, const exec::ConstantSlot& b) {
    return a.type == b.type && same(a.value, b.value);
  };
  return std::ranges::equal(image.rules, native.shapes, same_shape) &&
         std::ranges::equal(image.constants, native.constants, same_slot) &&
         image.sink_types == native.sink_types && image.sets == native.sets;
}

} // namespace

Result<void> improve(exec::ProgramImage& image, const Native& native) {
  check(same_tables(image, native), "two tiers of a program have the same tables");
  auto tier = link(image, native);
  if (!tier)
    return refused(tier.takeError());
  exec::put_in_force(image, std::move(*tier));
  return {};
}

Result<std::unique_ptr<exec::ProgramImage>> load(const hir::Program& program,
                                                 const plan::Plan& plan, const Native& native) {
  check(native.shapes.size() == program.rules.size(), "code is of the program it was built of");
  auto image = std::make_unique<exec::ProgramImage>();
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    image->rules.push_back(describe_rule(program.rules[i], plan.rules[i],
                                         analysis::steps_of(program, program.rules[i]).heavy));
    image->rules.back().parameters = native.shapes[i].parameters;
  }
  image->budget = program.budget;
  image->constants = native.constants;
  image->sink_types = native.sink_types;
  image->sets = native.sets;
  for (const hir::Model& model : program.models)
    image->models.push_back({.trained = model.trained.get(), .inputs = &model.inputs});
  if (auto linked = improve(*image, native); !linked)
    return tl::unexpected(linked.error());
  return image;
}

Result<std::unique_ptr<exec::ProgramImage>> compile(const hir::Program& program,
                                                    const plan::Plan& plan, Level level) {
  auto native = build(program, plan, {.level = level});
  if (!native)
    return tl::unexpected(native.error());
  return load(program, plan, *native);
}

} // namespace sanku::jit
