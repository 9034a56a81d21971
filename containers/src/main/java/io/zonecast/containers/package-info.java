/**
 * The sandbox's servers in containers, for tests that have this module on their class path: {@link
 * io.zonecast.sandbox.Servers} finds it there, and nothing here is called by name. And {@link
 * io.zonecast.containers.TestCounts}, which tells what a run of tests amounted to.
 *
 * <p>Nothing that ships depends on this module. What a server does when it is killed, frozen or
 * started again is said by the sandbox's interfaces; the same tests hold both to it.
 */
@NullMarked
package io.zonecast.containers;

import org.jspecify.annotations.NullMarked;
