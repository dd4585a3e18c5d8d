// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import eu.aval.server.shared.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.test.StepVerifier;

/** Which files become rule packs. */
final class RulePackFilesTests {

    private static final String OWN = """
            id: OWN
            version: 1
            title: Our own
            validFrom: 2026-01-01
            reviewer: Us
            countries: [FR]
            sources:
              us: {address: https://example.org, date: 2026-01-01, says: So.}
            hours:
              exempt: {id: hours-exempt, cites: [us], classes: [OTP, TRANSACTIONAL, ALERT, SERVICE]}
              rules:
                - id: hours-own
                  cites: [us]
                  classes: [MARKETING, SURVEY]
                  windows:
                    - {days: [MONDAY, FRIDAY], from: 09:00, to: 12:00}
                    - {days: [MONDAY], from: 14:00, to: 24:00, tolerated: true}
                  holidays: ALLOWED
            """;

    @TempDir
    private Path directory;

    private KeyPair pair;

    @BeforeEach
    void makeAPair() throws GeneralSecurityException {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    @Test
    void bringsFourPacksAndThoseOfTheTests() {
        assertThat(RulePacks.bundled().all())
                .extracting(RulePack::id)
                .containsExactly("FR-AF2M-2024", "FR-AF2M-2026", "FR-STRICT", "GUIDE", "OPEN", "SENDERS");
        for (RulePack pack : RulePacks.bundled().all()) {
            assertThat(pack.rules())
                    .allSatisfy(rule -> assertThat(pack.sourcesOf(rule.id())).isNotEmpty());
        }
    }

    @Test
    void readsASignedPackOfTheDirectory() throws Exception {
        put("OWN", OWN);

        RulePack pack = Objects.requireNonNull(packs().find("OWN"));

        assertThat(pack.label()).isEqualTo("OWN/1");
        assertThat(pack.hours().rules().getFirst().windows().values().stream()
                        .flatMap(List::stream)
                        .map(RulePack.Window::label))
                .containsExactlyInAnyOrder("09:00-12:00", "14:00-24:00", "09:00-12:00");
    }

    @Test
    void refusesAPackOfWhichAnyByteWasChanged() throws Exception {
        Path file = put("OWN", OWN);
        byte[] content = Files.readAllBytes(file);

        for (int i = 0; i < content.length; i += 37) {
            byte[] changed = content.clone();
            changed[i] ^= 1;
            Files.write(file, changed);
            assertThatExceptionOfType(RulePackRefused.class)
                    .isThrownBy(this::packs)
                    .withMessageContaining("OWN.yaml: is not signed by a key that is trusted");
        }
    }

    @Test
    void refusesAPackThatSomebodyElseSigned() throws Exception {
        put("OWN", OWN);
        makeAPair();

        assertThatExceptionOfType(RulePackRefused.class)
                .isThrownBy(this::packs)
                .withMessageContaining("is not signed by a key that is trusted");
    }

    @Test
    void refusesAPackWithoutASignature() throws IOException {
        Files.writeString(directory.resolve("OWN.yaml"), OWN);

        assertThatExceptionOfType(RulePackRefused.class)
                .isThrownBy(this::packs)
                .withMessageContaining("has no signature");
    }

    @Test
    void refusesSignedBytesUnderAnotherName() throws Exception {
        Path file = put("OWN", OWN);
        Files.move(file, directory.resolve("GUIDE.yaml"));
        Files.move(directory.resolve("OWN.yaml.sig"), directory.resolve("GUIDE.yaml.sig"));

        assertThatExceptionOfType(RulePackRefused.class)
                .isThrownBy(this::packs)
                .withMessageContaining("id is not the name of the file");
    }

    @Test
    void keepsThePacksBeforeWhenAFileIsBad() throws Exception {
        put("OWN", OWN);
        RulePacks packs = packs();
        put("OWN", OWN.replace("version: 1", "version: 2").replace("holidays: ALLOWED", "holidays: PERHAPS"));

        StepVerifier.create(packs.reload())
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOf(Problem.class)
                        .hasMessageContaining(
                                "OWN.yaml: hours.rules[0].holidays is none of [FORBIDDEN, TOLERATED, ALLOWED]"));

        assertThat(packs.find("OWN")).extracting(RulePack::version).isEqualTo(1);
        put("OWN", OWN.replace("version: 1", "version: 3"));
        StepVerifier.create(packs.reload()).expectNextCount(1).verifyComplete();
        assertThat(packs.find("OWN")).extracting(RulePack::version).isEqualTo(3);
    }

    @Test
    void takesAChangedFileIntoUseByItself() throws Exception {
        RulePacks packs = packs();
        assertThat(packs.find("OWN")).isNull();
        put("OWN", OWN);

        packs.follow();

        assertThat(packs.find("OWN")).isNotNull();
    }

    @Test
    void replacesABundledPackByANewerOneOnly() throws Exception {
        put("GUIDE", OWN.replace("id: OWN", "id: GUIDE").replace("version: 1", "version: 7"));
        assertThat(packs().find("GUIDE")).extracting(RulePack::label).isEqualTo("GUIDE/7");

        put("GUIDE", OWN.replace("id: OWN", "id: GUIDE"));
        assertThat(Objects.requireNonNull(packs().find("GUIDE")).title()).isNotEqualTo("Our own");
    }

    @Test
    void namesTheMemberThatIsWrong() {
        refuses("version: 1", "version: one", "version is no number from 1 to 1000000 (line 2)");
        refuses("title:", "titel:", "has a member titel, which is not known");
        refuses("reviewer: Us\n", "", "has no member reviewer");
        refuses("reviewer: Us\n", "reviewer: Us\nreviewer: Us\n", "has the member reviewer twice");
        refuses("validFrom: 2026-01-01", "validFrom: 2026-02-30", "validFrom is no date");
        refuses("reviewer: Us\n", "reviewer: Us\nvalidUntil: 2025-12-31\n", "validUntil lies before validFrom");
        refuses("[FR]", "[FR, XX]", "countries[1] names XX, which is no ISO 3166-1");
        refuses("cites: [us]\n", "cites: [them]\n", "hours.rules[0].cites names them, which is not among the sources");
        refuses("from: 09:00", "from: 9:00", "hours.rules[0].windows[0].from is no time");
        refuses("from: 09:00", "from: 12:00", "hours.rules[0].windows[0].to is not after from");
        refuses("from: 14:00", "from: 11:59", "hours.rules[0].windows[1] overlaps another window of MONDAY");
        refuses("to: 24:00", "to: 24:30", "hours.rules[0].windows[1].to is no time");
        refuses("MARKETING, SURVEY", "MARKETING", "hours says nothing of the class SURVEY");
        refuses(
                "MARKETING, SURVEY",
                "MARKETING, SURVEY, SERVICE",
                "hours.rules[0].classes names SERVICE, which another rule names, too");
        refuses("id: hours-own", "id: hours-exempt", "hours.rules[0].id is the id of another rule, too");
        refuses("tolerated: true", "tolerated: perhaps", "tolerated is neither true nor false");
        refuses("hours:\n", "hours: [\n", "is not readable YAML");
    }

    @Test
    void refusesBansThatCannotBeRead() {
        assertThat(complaint(OWN + "senders: {forbidden: [{id: s, cites: [us], classes: [OTP], countries: [FR],"
                        + " form: '(', from: 2026-01-01}]}\n"))
                .contains("senders.forbidden[0].form is no regular expression");
        assertThat(complaint(OWN + "stopMention: {id: s, cites: [us], classes: [MARKETING], text: STOP, join: ' '}\n"))
                .contains("stopMention.text does not say where {route} goes");
        assertThat(complaint(OWN + "minors: {id: m, cites: [us], age: 16, ages: {ZZZ: 15}}\n"))
                .contains("minors.ages names ZZZ");
        assertThat(complaint(
                        OWN + "sectors: [{id: x, cites: [us], sector: energy, classes: [OTP], from: 2026-01-01}]\n"))
                .contains("sectors[0].sector is not of the form");
    }

    private static void refuses(String part, String other, String complaint) {
        assertThat(OWN).contains(part);
        assertThat(complaint(OWN.replaceFirst(Pattern.quote(part), other))).contains(complaint);
    }

    private static String complaint(String yaml) {
        try {
            RulePackYaml.read("OWN.yaml", yaml.getBytes(StandardCharsets.UTF_8));
            return "";
        } catch (RulePackRefused e) {
            return String.valueOf(e.getMessage());
        }
    }

    private RulePacks packs() {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getEncoder().encodeToString(pair.getPublic().getEncoded()) + "\n-----END PUBLIC KEY-----\n";
        return new RulePacks(new RulePackFiles(directory, List.of(pem)));
    }

    private Path put(String id, String yaml) throws IOException, GeneralSecurityException {
        Path file = Files.writeString(directory.resolve(id + ".yaml"), yaml);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(pair.getPrivate());
        signature.update(yaml.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                directory.resolve(id + ".yaml.sig"), Base64.getEncoder().encodeToString(signature.sign()) + "\n");
        return file;
    }
}
