// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.consent.Sender;
import eu.aval.server.inbound.reply.Reply.Language;
import eu.aval.server.inbound.reply.ReplyReader;
import eu.aval.server.message.Conversations.Sent;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.Encoding;
import eu.aval.spi.text.EncodingChoice;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.SegmentationOptions;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class StopScopeTests {

    private static final Map<String, Sender> DECLARED = Map.of(
            "36180", new Sender(UUID.randomUUID(), "36180", Sender.Kind.SHORT_CODE, true, false),
            "38000", new Sender(UUID.randomUUID(), "38000", Sender.Kind.SHORT_CODE, false, false),
            "ACME", new Sender(UUID.randomUUID(), "ACME", Sender.Kind.ALPHANUMERIC, false, false));

    @Test
    void isTheSenderThatWasAnswered() {
        assertThat(scope("STOP", "36180", sent("36180", MessageClass.MARKETING)))
                .isEqualTo(new StopScope("36180", Set.of(MessageClass.MARKETING, MessageClass.SURVEY)));
    }

    @Test
    void addsTheClassThatWasAnswered() {
        assertThat(scope("STOP", "36180", sent("36180", MessageClass.ALERT)).classes())
                .containsExactlyInAnyOrder(MessageClass.MARKETING, MessageClass.SURVEY, MessageClass.ALERT);
    }

    @Test
    void isEverySenderWhereAnotherWasAnswered() {
        assertThat(scope("STOP", "36180", sent("ACME", MessageClass.MARKETING)).sender())
                .isNull();
        assertThat(scope("STOP", null, sent("ACME", MessageClass.MARKETING)).sender())
                .isNull();
        assertThat(scope("STOP", "36180", null))
                .isEqualTo(new StopScope(null, Set.of(MessageClass.MARKETING, MessageClass.SURVEY)));
    }

    @Test
    void staysWithTheSenderThatIsNamed() {
        assertThat(scope("STOP 36180", "36180", sent("36180", MessageClass.MARKETING))
                        .sender())
                .isEqualTo("36180");
        assertThat(scope("STOP 38000", "36180", sent("36180", MessageClass.MARKETING))
                        .sender())
                .isNull();
    }

    @Test
    void isEverythingWhereEverythingIsMeant() {
        assertThat(scope("STOP ALL", "36180", sent("36180", MessageClass.MARKETING))
                        .everything())
                .isTrue();
    }

    @Test
    void isConfirmedInOnePart() {
        StopScope one = scope("STOP", "36180", sent("36180", MessageClass.MARKETING));
        StopScope all = scope("STOP ALL", "36180", sent("36180", MessageClass.MARKETING));
        for (StopScope scope : Set.of(one, all)) {
            for (Language language : Language.values()) {
                Segmentation text = Segmentation.of(
                        ConfirmationText.of(language, scope, "ELEVENCHARS", "+33612345678901"),
                        SegmentationOptions.of(EncodingChoice.AUTO));
                assertThat(text.encoding()).isEqualTo(Encoding.GSM7);
                assertThat(text.parts()).isOne();
            }
        }
    }

    private static StopScope scope(String text, String writtenTo, Sent answered) {
        return StopScope.of(ReplyReader.read(text), writtenTo, answered, DECLARED);
    }

    private static Sent sent(String sender, MessageClass messageClass) {
        return new Sent(
                UUID.randomUUID(),
                sender,
                messageClass,
                UUID.randomUUID(),
                UUID.randomUUID(),
                false,
                UUID.randomUUID());
    }
}
