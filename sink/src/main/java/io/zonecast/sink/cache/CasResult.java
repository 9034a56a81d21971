package io.zonecast.sink.cache;

/** The node's answer to a conditional write. */
public sealed interface CasResult {

  /**
   * Written.
   *
   * @param newCas the entry's CAS from now on; 0 after a delete
   */
  record Done(long newCas) implements CasResult {}

  /** Not written: somebody else was there. Read again, and begin again. */
  record Refused(Refusal kind) implements CasResult {}

  /** Why a conditional write was refused, by the meta protocol's own codes. */
  enum Refusal {
    /** Not stored: an add found the entry there. */
    NS,
    /** Exists: the entry's CAS is another. */
    EX,
    /** Not found: the entry is gone. */
    NF
  }
}
