// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.consent.Sender;
import eu.aval.spi.submit.MessageClass;
import eu.aval.spi.text.EncodingChoice;
import eu.aval.spi.text.Segmentation;
import eu.aval.spi.text.SegmentationOptions;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

final class ComposedTextTests {

    private static final String URL = "https://acme.example/stop";

    @Property
    void tellsTheRouteOnceAtTheEndAndCountsIt(@ForAll("texts") String text, @ForAll("routes") String route) {
        ComposedText composed = compose(text, route);

        assertThat(composed.text()).startsWith(text).endsWith("STOP " + route);
        assertThat(composed.text().split(java.util.regex.Pattern.quote(route), -1))
                .hasSize(2);
        assertThat(composed.mention()).isEqualTo(new ComposedText.Mention(true, "STOP " + route));
    }

    @Property
    void changesNothingTheSecondTime(@ForAll("anything") String text, @ForAll("routes") String route) {
        ComposedText once = compose(text, route);

        assertThat(compose(once.text(), route).text()).isEqualTo(once.text());
        assertThat(compose(once.text(), route).mention()).isEqualTo(new ComposedText.Mention(false, "STOP " + route));
    }

    @Property
    void leavesATextInGsm7(@ForAll("gsm7") String text, @ForAll("routes") String route) {
        SegmentationOptions gsm7 = SegmentationOptions.of(EncodingChoice.GSM7);

        assertThat(Segmentation.of(compose(text, route).text(), gsm7).misfit())
                .isEqualTo(Segmentation.of(text, gsm7).misfit());
    }

    @Example
    void recognisesAMentionInOtherWords() {
        assertThat(List.of(
                        "Soldes STOP 36180",
                        "Soldes stop au 36180",
                        "Soldes. STOP SMS au 36180.",
                        "Soldes (STOP : 36180)",
                        "Soldes STOP=36180",
                        "Pour ne plus recevoir de SMS, envoyez STOP au 36180 merci",
                        "STOP au 36 180",
                        "Stop gratuit au\u00a036180",
                        "STOP\n36180",
                        "STOP-36180"))
                .allSatisfy(text -> assertThat(compose(text, "36180").mention())
                        .isEqualTo(new ComposedText.Mention(false, "STOP 36180")));
    }

    @Example
    void takesNothingElseForAMention() {
        assertThat(List.of(
                        "Appelez le 36180",
                        "Non-stop 36180",
                        "Ouvert non stop au 36180",
                        "Stoppez-nous au 36180",
                        "STOP 361801",
                        "STOP 136180",
                        "STOP 36 1801",
                        "STOP 36200",
                        "Stop aux prix hauts. Appelez le 36180",
                        "Stop ! Jouez au 36180",
                        "STOP achetez au 36180",
                        "+336STOP 36180"))
                .allSatisfy(text -> assertThat(compose(text, "36180").text()).isEqualTo(text + " STOP 36180"));
    }

    @Example
    void recognisesAnAddressAndNoOtherThatBeginsLikeIt() {
        assertThat(compose("Soldes. Refuser: " + URL + ".", URL).mention())
                .isEqualTo(new ComposedText.Mention(false, "STOP " + URL));
        assertThat(List.of(
                        "Soldes " + URL + "-promo",
                        "Soldes " + URL + "/x",
                        "Soldes " + URL + ".html",
                        "Soldes x" + URL))
                .allSatisfy(text -> assertThat(compose(text, URL).text()).isEqualTo(text + " STOP " + URL));
    }

    @Example
    void isForTheClassesOfThePackOnly() {
        Sender sender = sender("36180");

        assertThat(ComposedText.of(pack(), MessageClass.OTP, sender, "Code 1234"))
                .isEqualTo(new ComposedText("Code 1234", null));
    }

    @Example
    void namesTheSenderWhereItCanBeAnswered() {
        Sender sender = new Sender(UUID.randomUUID(), "36105", Sender.Kind.SHORT_CODE, true, null, false);

        assertThat(ComposedText.of(pack(), MessageClass.MARKETING, sender, "Soldes")
                        .text())
                .isEqualTo("Soldes STOP 36105");
    }

    @Example
    void addsNothingWhereThereIsNoWayToStop() {
        assertThat(compose("Soldes", null)).isEqualTo(new ComposedText("Soldes", null));
    }

    @Example
    void doesNotShowTheText() {
        assertThat(compose("Soldes", "36180").toString()).doesNotContain("Soldes");
    }

    @Provide
    Arbitrary<String> routes() {
        return Arbitraries.of("36180", "38001", "+33937123456", URL, "https://a.fr/s?c=1&x=%20");
    }

    /** Without a digit, so that no route is in it. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange('A', 'z').ofMinLength(1).ofMaxLength(200),
                Arbitraries.of("stop ", "STOP", "STOP au", "é", "ç ’", "Soldes\n", "non stop", "STOP.", "fin -"));
    }

    @Provide
    Arbitrary<String> gsm7() {
        return Arbitraries.strings()
                .withChars("abc éèà€{}[]~^0123456789.,STOP")
                .ofMinLength(1)
                .ofMaxLength(170);
    }

    @Provide
    Arbitrary<String> anything() {
        return Arbitraries.oneOf(
                texts(),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(50),
                Arbitraries.of("STOP 36180 ou 38001", "36180", "+33937123456", URL, "stop +33937123456", "STOP 3618"));
    }

    private static ComposedText compose(String text, @Nullable String route) {
        return ComposedText.of(pack(), MessageClass.MARKETING, sender(route), text);
    }

    private static Sender sender(@Nullable String route) {
        return new Sender(UUID.randomUUID(), "ACME", Sender.Kind.ALPHANUMERIC, true, route, false);
    }

    private static RulePack pack() {
        return new RulePack(
                "TEST",
                1,
                "A test",
                LocalDate.of(2020, 1, 1),
                null,
                "Nobody",
                Set.of("FR"),
                Map.of(),
                new RulePack.Hours(
                        new RulePack.Exemption("hours", List.of(), Set.of(MessageClass.values())), List.of()),
                new RulePack.Senders(List.of(), null),
                new RulePack.StopMention("stop", List.of(), Set.of(MessageClass.MARKETING), "STOP {route}", " "),
                List.of(),
                null);
    }
}
