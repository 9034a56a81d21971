package io.zonecast.containers;

import io.zonecast.sandbox.Servers;
import org.testcontainers.DockerClientFactory;

/** A program with two nodes in containers, one of them paused, that waits to be killed. */
final class ContainerOwner {
  private ContainerOwner() {}

  /** Prints the label's value that its containers bear. */
  @SuppressWarnings("resource") // Left open on purpose: being killed is what it is for.
  public static void main(String[] args) throws InterruptedException {
    Servers.shared().memcached();
    Servers.shared().memcached().pause();
    System.out.println(DockerClientFactory.SESSION_ID);
    Thread.currentThread().join();
  }
}
