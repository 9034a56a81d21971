package io.zonecast.app;

import io.zonecast.app.command.CompletionCommand;
import io.zonecast.app.command.DeleteCommand;
import io.zonecast.app.command.ExportCommand;
import io.zonecast.app.command.GetCommand;
import io.zonecast.app.command.HistoryCommand;
import io.zonecast.app.command.LagCommand;
import io.zonecast.app.command.PlanCommand;
import io.zonecast.app.command.PublishCommand;
import io.zonecast.app.command.RebuildCommand;
import io.zonecast.app.command.SampleCommand;
import io.zonecast.app.command.SchemasCommand;
import io.zonecast.app.command.SinkCommand;
import io.zonecast.app.command.StreamCommand;
import io.zonecast.app.command.UndoCommand;
import io.zonecast.app.command.UpdateCommand;
import io.zonecast.app.command.VerifyCommand;
import io.zonecast.app.demo.DemoCommand;
import io.zonecast.app.logging.Logs;
import io.zonecast.app.settings.CacheOptions;
import io.zonecast.app.settings.CommonOptions;
import io.zonecast.app.settings.SettingSources;
import io.zonecast.app.settings.StreamGroupOption;
import io.zonecast.app.terminal.Console;
import io.zonecast.app.terminal.ExitCode;
import io.zonecast.app.terminal.OneLine;
import io.zonecast.app.terminal.Shutdown;
import io.zonecast.app.terminal.Version;
import io.zonecast.app.trust.KafkaAccess;
import io.zonecast.ingest.publish.PublishException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command with its subcommands, ready to run any number of times. */
public final class Zonecast {
  private static final Pattern URL_WITH_PASSWORD =
      Pattern.compile("(--[\\w-]+=)?https?://[^/]*@.*", Pattern.DOTALL);

  private static final int HELP_WIDTH = 80;
  private static final int HELP_OPTIONS_WIDTH = 31;

  private static final Set<String> ASKS_FOR_ALL = Set.of("completion");

  private final Console console;
  private final Map<String, String> environment;
  private final Shutdown shutdown;

  public Zonecast(Console console, Map<String, String> environment, Shutdown shutdown) {
    this.console = console;
    this.environment = Map.copyOf(environment);
    this.shutdown = shutdown;
  }

  /** Runs what {@code arguments} ask for; returns the {@link ExitCode}. */
  public int run(List<String> arguments) {
    SettingSources sources = new SettingSources(environment);
    CommandLine command = commandLine(sources, arguments);
    sources.load(command, arguments);
    return command.execute(arguments.toArray(String[]::new));
  }

  /**
   * The command with the subcommand that is asked for, or with all of them where that is none, or
   * where all their options matter. picocli looks through a class by reflection, which takes 10 ms
   * for each subcommand, at every start.
   */
  private CommandLine commandLine(SettingSources sources, List<String> arguments) {
    Map<String, Supplier<Object>> commands = commands(sources);
    String wanted = arguments.isEmpty() ? "" : arguments.get(0);
    CommandLine command = new CommandLine(new Root());
    if (ASKS_FOR_ALL.contains(wanted)
        || !commands.containsKey(wanted)
        || sources.hasFile(arguments)) {
      commands.forEach((name, made) -> command.addSubcommand(name, made.get()));
    } else {
      command.addSubcommand(wanted, commands.get(wanted).get());
    }
    // A word that begins with @ is a word: a zone may, and no one was told of files of arguments.
    command.setExpandAtFiles(false);
    command.setDefaultValueProvider(sources);
    command.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    command.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    command.setColorScheme(Help.defaultColorScheme(console.colours() ? Ansi.ON : Ansi.OFF));
    command.setUsageHelpWidth(HELP_WIDTH);
    command.setUsageHelpLongOptionsMaxWidth(HELP_OPTIONS_WIDTH);
    HelpScreen.tidy(command);
    command.setExecutionStrategy(this::execute);
    command.setParameterExceptionHandler((thrown, given) -> misused(thrown));
    command.setExecutionExceptionHandler((thrown, failing, parsed) -> failed(thrown, failing));
    return command;
  }

  /** All of them, in the order of the help. */
  private Map<String, Supplier<Object>> commands(SettingSources sources) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(console));
    commands.put("plan", () -> new PlanCommand(console, new CommonOptions(sources), shutdown));
    commands.put(
        "publish", () -> new PublishCommand(console, new CommonOptions(sources), shutdown));
    commands.put("history", () -> new HistoryCommand(console, new CommonOptions(sources)));
    commands.put("undo", () -> new UndoCommand(console, new CommonOptions(sources)));
    commands.put("export", () -> new ExportCommand(console, new CommonOptions(sources)));
    commands.put("delete", () -> new DeleteCommand(console, new CommonOptions(sources)));
    commands.put("update", () -> new UpdateCommand(console, new CommonOptions(sources)));
    commands.put("stream", () -> new StreamCommand(new CommonOptions(sources), shutdown));
    commands.put("sink", () -> new SinkCommand(new CommonOptions(sources), shutdown));
    commands.put(
        "rebuild", () -> new RebuildCommand(console, new CommonOptions(sources), shutdown));
    commands.put("verify", () -> new VerifyCommand(console, new CommonOptions(sources)));
    commands.put("lag", () -> new LagCommand(console, new CommonOptions(sources)));
    commands.put("get", () -> new GetCommand(console, new CommonOptions(sources)));
    commands.put("sample", () -> new SampleCommand(console));
    commands.put("schemas", () -> new SchemasCommand(console, new CommonOptions(sources)));
    commands.put("completion", () -> new CompletionCommand(console));
    return commands;
  }

  private int execute(ParseResult parsed) {
    if (parsed.originalArgs().stream().anyMatch(a -> URL_WITH_PASSWORD.matcher(a).matches())) {
      throw new ParameterException(
          parsed.commandSpec().commandLine(),
          "a URL with a password does not belong on the command line, where every process of this"
              + " machine can read it; put it into the file of --config, or into the variable"
              + " ZONECAST_… of its option");
    }
    if (verbose(parsed)) {
      Logs.verbose();
    }
    return new RunLast().execute(parsed);
  }

  private static boolean verbose(ParseResult parsed) {
    return parsed.commandSpec().userObject() instanceof Root root && root.verbose;
  }

  private int misused(ParameterException thrown) {
    if (thrown instanceof NoCommandException) {
      thrown.getCommandLine().usage(thrown.getCommandLine().getErr());
      return ExitCode.USAGE;
    }
    CommandSpec failing = thrown.getCommandLine().getCommandSpec();
    String said =
        thrown instanceof UnmatchedArgumentException unmatched
            ? Misspelling.of(unmatched.getUnmatched(), failing)
            : OneLine.of(thrown);
    console.say("zonecast: " + said + "; see " + failing.qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private int failed(Exception thrown, CommandLine failing) {
    // A publish that was stopped comes as an interrupt; a commit that failed is news.
    boolean stopped = shutdown.requested() && !(thrown instanceof PublishException);
    if (stopped || thrown instanceof InterruptException) {
      return ExitCode.FAILED;
    }
    Failure failure = Failure.of(thrown, access(failing.getCommandSpec()));
    failure.lines().forEach(line -> console.say("zonecast: " + line));
    if (failing.getCommandSpec().root().userObject() instanceof Root root && root.verbose) {
      // Asked for by --verbose, and for the terminal: the log may be silent.
      thrown.printStackTrace(console.err());
    }
    return failure.exitCode();
  }

  private static KafkaAccess access(CommandSpec failing) {
    CommonOptions common =
        mixin(failing, CommonOptions.class)
            .orElseGet(() -> new CommonOptions(new SettingSources(Map.of())));
    return new KafkaAccess(
        failing.name(),
        common.topic(),
        mixin(failing, CacheOptions.class).map(CacheOptions::group).orElse(""),
        mixin(failing, StreamGroupOption.class)
            .map(streams -> streams.of(common.topic()))
            .orElse(""),
        common.fileName(),
        common.kafka());
  }

  private static <T> Optional<T> mixin(CommandSpec command, Class<T> type) {
    return command.mixins().values().stream()
        .map(CommandSpec::userObject)
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst();
  }

  @Command(
      name = "zonecast",
      versionProvider = Version.class,
      mixinStandardHelpOptions = true,
      scope = ScopeType.INHERIT,
      subcommandsRepeatable = false,
      description = "Keeps Memcached equal to a table of shipping zones held in a Kafka topic.",
      synopsisSubcommandLabel = "COMMAND",
      footer = {
        "",
        "Start with:  zonecast demo",
        "Settings:    --some-option, else ZONECAST_SOME_OPTION, else some-option= in the",
        "             file of --config; kafka.… there goes to the Kafka clients",
        "Exit codes:  0 done, 1 failed, 2 usage or settings, 3 the answer is no,",
        "             4 done in part"
      })
  static final class Root implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
        names = "--verbose",
        scope = ScopeType.INHERIT,
        description = "Says more, and shows where an error came from.",
        order = 199)
    private boolean verbose;

    @Override
    public void run() {
      throw new NoCommandException(spec.commandLine());
    }
  }

  /** {@code zonecast} alone is a question, and the help answers it. */
  private static final class NoCommandException extends ParameterException {
    private static final long serialVersionUID = 1L;

    NoCommandException(CommandLine command) {
      super(command, "no command is given");
    }
  }
}
