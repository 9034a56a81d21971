package io.zonecast.sink.cache;

/** The node's answer to a conditional write. */
public sealed interface CasResult {

  /**
   * Written.
   *
   * @param newCas the entry's new CAS; 0 after a delete
   */
  record Done(long newCas) implements CasResult {}

  /** Not written: another writer changed the entry. Read it again, and begin again. */
  record Refused(Refusal kind) implements CasResult {}

  /** Why a conditional write was refused, by the meta protocol's codes. */
  enum Refusal {
    /** Not stored: an add found an entry. */
    NS,
    /** Exists: the entry has another CAS. */
    EX,
    /** Not found: there is no entry. */
    NF
  }
}
