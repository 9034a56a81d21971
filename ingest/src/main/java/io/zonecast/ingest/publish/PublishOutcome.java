package io.zonecast.ingest.publish;

import java.util.List;

/** What came of a publish that did not fail. */
public sealed interface PublishOutcome {
  PublishReport report();

  /**
   * The topic has the file's rows; all of them if there was no bad one ({@link #partial}). Where
   * nothing differed, nothing was sent and there was no transaction.
   *
   * @param publishId what the records' header says about which publish wrote them
   */
  record Published(PublishReport report, String publishId) implements PublishOutcome {
    /** Whether bad rows were left out, which is exit 4. */
    public boolean partial() {
      return report.counts().rejected() > 0;
    }
  }

  /**
   * Nothing was published: guards refused, which is exit 3.
   *
   * @param refusals why, at least one
   */
  record Refused(PublishReport report, List<Refusal> refusals) implements PublishOutcome {
    public Refused {
      refusals = List.copyOf(refusals);
    }
  }
}
