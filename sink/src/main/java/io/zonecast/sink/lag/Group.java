package io.zonecast.sink.lag;

import io.zonecast.schemas.topic.BrokerAnswers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * A consumer group as the brokers know it.
 *
 * @param known whether the brokers know a group of this name at all
 * @param members how many members it has
 * @param owners which client owns which partition, of any topic
 */
public record Group(boolean known, int members, Map<TopicPartition, String> owners) {
  private static final int MOST_NAMES = 10;

  public Group {
    owners = Map.copyOf(owners);
  }

  public static Group of(Admin admin, String name) {
    ConsumerGroupDescription description;
    try {
      description =
          BrokerAnswers.await(
              BrokerAnswers.of(
                  admin.describeConsumerGroups(List.of(name)).describedGroups(), name));
    } catch (GroupIdNotFoundException e) {
      return new Group(false, 0, Map.of());
    }
    Map<TopicPartition, String> owners = new HashMap<>();
    for (MemberDescription member : description.members()) {
      for (TopicPartition partition : member.assignment().topicPartitions()) {
        owners.put(partition, member.clientId() + "@" + host(member));
      }
    }
    return new Group(
        description.groupState() != GroupState.DEAD, description.members().size(), owners);
  }

  /** Some of the groups that there are, in alphabetical order. */
  static List<String> names(Admin admin) {
    return BrokerAnswers.await(admin.listGroups().valid()).stream()
        .map(GroupListing::groupId)
        .sorted()
        .limit(MOST_NAMES)
        .toList();
  }

  /** The broker writes {@code /127.0.0.1}, as a Java address without a name. */
  private static String host(MemberDescription member) {
    return member.host().startsWith("/") ? member.host().substring(1) : member.host();
  }
}
