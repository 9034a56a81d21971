package io.zonecast.sandbox;

/** A program with a sandbox, one of its servers paused, that waits to be killed. */
final class SandboxOwner {
  static final String READY = "ready";

  private SandboxOwner() {}

  @SuppressWarnings("resource") // Left open on purpose: being killed is what it is for.
  public static void main(String[] args) throws InterruptedException {
    Sandbox sandbox = Sandbox.start(BrokerSettings.DEFAULT, 2);
    // A stopped process hears of nothing but SIGKILL.
    sandbox.broker().pause();
    sandbox.memcached().get(0).pause();
    System.out.println(READY);
    Thread.currentThread().join();
  }
}
