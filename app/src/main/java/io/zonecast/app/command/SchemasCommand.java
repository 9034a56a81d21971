package io.zonecast.app.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.schemas.ZoneTopic;
import io.zonecast.schemas.registry.CompatibilityLevel;
import io.zonecast.schemas.registry.Registration;
import io.zonecast.schemas.registry.RegistryClient;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.registry.SubjectCheck;
import io.zonecast.schemas.registry.SubjectVersion;
import io.zonecast.schemas.registry.ZoneSubject;
import io.zonecast.schemas.wire.BundledSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Checks, registers or lists the topics' schemas in the registry.",
    footer = {
      "",
      "Example:  zonecast schemas check --schema-registry-url http://registry:8081",
      "Exits with 3 if the registry's versions and this release's do not fit."
    })
public final class SchemasCommand implements Callable<Integer> {
  /** Names as typed. */
  enum Action {
    check,
    register,
    list
  }

  private final Console console;

  @Mixin private final CommonOptions common;

  @Parameters(
      paramLabel = "check|register|list",
      description = "Before a deploy; at a deploy; any time.")
  private Action action = Action.check;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "FULL_TRANSITIVE",
      description = "Compatibility to register with (FULL_TRANSITIVE).",
      order = 1)
  private CompatibilityLevel level = CompatibilityLevel.FULL_TRANSITIVE;

  @Option(names = "--json", description = "Prints one JSON document.", order = 2)
  private boolean json;

  public SchemasCommand(Console console, CommonOptions common) {
    this.console = console;
    this.common = common;
  }

  @Override
  public Integer call() {
    Problems problems = new Problems();
    common.check(problems);
    Optional<RegistrySettings> registry = RegistrySettings.from(common.kafka().producer());
    if (registry.isEmpty()) {
      problems.add("--schema-registry-url is not set: there is no registry to ask; set it");
    }
    problems.throwIfAny();

    RegistryClient client = registry.orElseThrow().client();
    List<ZoneSubject> subjects =
        List.of(
            new ZoneSubject(client, BundledSchemas.load(), common.topic()),
            new ZoneSubject(
                client, BundledSchemas.ofUpdates(), ZoneTopic.updatesOf(common.topic())));
    return switch (action) {
      case check -> check(subjects);
      case register -> register(subjects);
      case list -> list(subjects);
    };
  }

  private int check(List<ZoneSubject> subjects) {
    List<SubjectCheck> checks = subjects.stream().map(ZoneSubject::check).toList();
    boolean passed = checks.stream().allMatch(SubjectCheck::passed);
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("passed", passed);
      ArrayNode each = document.putArray("subjects");
      for (int i = 0; i < checks.size(); i++) {
        ObjectNode node =
            each.addObject()
                .put("subject", subjects.get(i).name())
                .put("passed", checks.get(i).passed())
                .put("finding", checks.get(i).finding());
        reasons(checks.get(i)).forEach(node.putArray("reasons")::add);
      }
      console.answer(document);
    } else {
      for (SubjectCheck check : checks) {
        console.answer(check.words());
        reasons(check).forEach(reason -> console.answer("  " + reason));
      }
    }
    return passed ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
  }

  private static List<String> reasons(SubjectCheck check) {
    return check instanceof SubjectCheck.Incompatible incompatible
        ? incompatible.reasons()
        : List.of();
  }

  private int register(List<ZoneSubject> subjects) {
    List<Registration> all = new ArrayList<>();
    for (ZoneSubject subject : subjects) {
      all.add(subject.register(level));
    }
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      ArrayNode each = document.putArray("subjects");
      for (Registration done : all) {
        each.addObject()
            .put("subject", done.subject())
            .put("version", done.version())
            .put("id", done.id())
            .put("added", done.added())
            .put("level", done.level().name());
      }
      console.answer(document);
    } else {
      for (Registration done : all) {
        console.answer(
            "%s: %s as version %d, id %d, level %s"
                .formatted(
                    done.subject(),
                    done.added() ? "registered" : "was there already",
                    done.version(),
                    done.id(),
                    done.level()));
      }
    }
    return ExitCode.DONE;
  }

  private int list(List<ZoneSubject> subjects) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    ArrayNode levels = document.putArray("subjects");
    ArrayNode versions = document.putArray("versions");
    Table table =
        new Table()
            .column("SUBJECT", Side.LEFT)
            .column("VERSION", Side.RIGHT)
            .column("ID", Side.RIGHT)
            .column("OURS", Side.RIGHT);
    for (ZoneSubject subject : subjects) {
      CompatibilityLevel inForce = subject.level();
      levels.addObject().put("subject", subject.name()).put("level", inForce.name());
      if (!json) {
        console.answer("%s: level %s".formatted(subject.name(), inForce));
      }
      for (SubjectVersion version : subject.list()) {
        Integer ours = bundled(version);
        versions
            .addObject()
            .put("subject", version.subject())
            .put("version", version.version())
            .put("id", version.id())
            .put("bundledVersion", ours);
        table.row(
            version.subject(),
            Integer.toString(version.version()),
            Integer.toString(version.id()),
            ours == null ? null : Integer.toString(ours));
      }
    }
    if (json) {
      console.answer(document);
    } else {
      table.print(console.out());
    }
    return ExitCode.DONE;
  }

  /** Which version of the bundled schema it is; null if it is none. */
  private static @Nullable Integer bundled(SubjectVersion version) {
    return version.bundledVersion().isPresent() ? version.bundledVersion().getAsInt() : null;
  }
}
