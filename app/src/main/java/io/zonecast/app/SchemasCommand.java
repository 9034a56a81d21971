package io.zonecast.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.Problems;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.Table;
import io.zonecast.app.terminal.Table.Side;
import io.zonecast.schemas.registry.CompatibilityLevel;
import io.zonecast.schemas.registry.Registration;
import io.zonecast.schemas.registry.RegistrySettings;
import io.zonecast.schemas.registry.SubjectCheck;
import io.zonecast.schemas.registry.SubjectVersion;
import io.zonecast.schemas.registry.ZoneSubject;
import io.zonecast.schemas.wire.BundledSchemas;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    description = "Checks, registers or lists the topic's schema in the registry.",
    footer = {
      "",
      "Example:  zonecast schemas check --schema-registry-url http://registry:8081",
      "Exits with 3 if the registry's versions and this release's do not fit."
    })
final class SchemasCommand implements Callable<Integer> {
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

  SchemasCommand(Console console, CommonOptions common) {
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

    ZoneSubject subject =
        new ZoneSubject(registry.orElseThrow().client(), BundledSchemas.load(), common.topic());
    return switch (action) {
      case check -> check(subject.check());
      case register -> register(subject.register(level));
      case list -> list(subject.list(), subject.level());
    };
  }

  private int check(SubjectCheck check) {
    List<String> reasons =
        check instanceof SubjectCheck.Incompatible incompatible
            ? incompatible.reasons()
            : List.of();
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("passed", check.passed());
      document.put("finding", check.getClass().getSimpleName());
      reasons.forEach(document.putArray("reasons")::add);
      console.answer(document);
    } else {
      console.answer(words(check));
      reasons.forEach(reason -> console.answer("  " + reason));
    }
    return check.passed() ? ExitCode.DONE : ExitCode.ANSWER_IS_NO;
  }

  private static String words(SubjectCheck check) {
    if (check instanceof SubjectCheck.Registered there) {
      return "%s: registered, version %d, id %d"
          .formatted(there.subject(), there.version(), there.id());
    }
    if (check instanceof SubjectCheck.NewSubject fresh) {
      return fresh.subject() + ": the registry has no version yet";
    }
    if (check instanceof SubjectCheck.Compatible fits) {
      return "%s: fits all of the registry's versions (%d)"
          .formatted(fits.subject(), fits.versions());
    }
    return "the schema does not fit the registry's versions:";
  }

  private int register(Registration done) {
    if (json) {
      console.answer(
          JsonNodeFactory.instance
              .objectNode()
              .put("subject", done.subject())
              .put("version", done.version())
              .put("id", done.id())
              .put("added", done.added())
              .put("level", done.level().name()));
    } else {
      console.answer(
          "%s: %s as version %d, id %d, level %s"
              .formatted(
                  done.subject(),
                  done.added() ? "registered" : "was there already",
                  done.version(),
                  done.id(),
                  done.level()));
    }
    return ExitCode.DONE;
  }

  private int list(List<SubjectVersion> versions, CompatibilityLevel inForce) {
    if (json) {
      ObjectNode document = JsonNodeFactory.instance.objectNode();
      document.put("level", inForce.name());
      ArrayNode list = document.putArray("versions");
      for (SubjectVersion version : versions) {
        ObjectNode node =
            list.addObject()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id());
        node.put("bundledVersion", bundled(version));
      }
      console.answer(document);
      return ExitCode.DONE;
    }
    console.answer("level " + inForce);
    Table table =
        new Table()
            .column("SUBJECT", Side.LEFT)
            .column("VERSION", Side.RIGHT)
            .column("ID", Side.RIGHT)
            .column("OURS", Side.RIGHT);
    for (SubjectVersion version : versions) {
      Integer ours = bundled(version);
      table.row(
          version.subject(),
          Integer.toString(version.version()),
          Integer.toString(version.id()),
          ours == null ? null : Integer.toString(ours));
    }
    table.print(console.out());
    return ExitCode.DONE;
  }

  /** Which version of the bundled schema it is; null if it is none. */
  private static @Nullable Integer bundled(SubjectVersion version) {
    return version.bundledVersion().isPresent() ? version.bundledVersion().getAsInt() : null;
  }
}
