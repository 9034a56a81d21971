package io.zonecast.schemas.registry;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/**
 * What FULL_TRANSITIVE asks of two versions, by Avro's own rules: each reads what the other wrote.
 * Old sinks read new rows and new sinks read old ones, since a compacted topic keeps both for ever.
 */
public final class FullCompatibility {
  private FullCompatibility() {}

  /** Returns why one of the two cannot read the other; nothing if each reads each. */
  public static List<String> problems(String oneName, Schema one, String otherName, Schema other) {
    List<String> problems = new ArrayList<>();
    addProblems(oneName, one, otherName, other, problems);
    addProblems(otherName, other, oneName, one, problems);
    return problems;
  }

  private static void addProblems(
      String readerName, Schema reader, String writerName, Schema writer, List<String> problems) {
    SchemaPairCompatibility verdict =
        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (verdict.getType() != SchemaCompatibilityType.COMPATIBLE) {
      verdict
          .getResult()
          .getIncompatibilities()
          .forEach(
              problem ->
                  problems.add(
                      "%s cannot read what %s writes: %s at %s"
                          .formatted(
                              readerName,
                              writerName,
                              problem.getMessage(),
                              problem.getLocation())));
    }
  }
}
