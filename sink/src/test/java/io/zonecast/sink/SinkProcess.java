package io.zonecast.sink;

import io.zonecast.sandbox.CommandProcess;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A sink in a JVM of its own, which can be killed or stopped as an operating system does. */
final class SinkProcess {
  private SinkProcess() {}

  static CommandProcess start(TestTopic topic, String group, List<String> nodes) {
    return start(CommandProcess.classPath(), "", topic, group, nodes);
  }

  /** Starts a sink of a release that has further files on its class path: before ours. */
  static CommandProcess startRelease(
      Path further, String registryUrl, TestTopic topic, String group, List<String> nodes) {
    return start(
        further + File.pathSeparator + CommandProcess.classPath(),
        registryUrl,
        topic,
        group,
        nodes);
  }

  private static CommandProcess start(
      String classPath, String registryUrl, TestTopic topic, String group, List<String> nodes) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                registryUrl,
                topic.bootstrapServers(),
                topic.name(),
                Integer.toString(topic.partitions()),
                group));
    arguments.addAll(nodes);
    return CommandProcess.startJava(
        SinkProcess.class,
        List.of("-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp", classPath),
        arguments.toArray(String[]::new));
  }

  /** What the JVM runs: a sink until it is killed. */
  public static void main(String[] args) throws Exception {
    RunningSink.run(
        args[0],
        args[1],
        args[2],
        Integer.parseInt(args[3]),
        args[4],
        List.of(args).subList(5, args.length));
  }
}
