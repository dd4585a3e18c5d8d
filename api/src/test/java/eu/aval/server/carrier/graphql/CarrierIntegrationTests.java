// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import eu.aval.server.FreshDatabase;
import eu.aval.server.GraphQlErrors;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.shared.TimeOrderedId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.graphql.ResponseError;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;

@PlatformTest
final class CarrierIntegrationTests {

    private static final String CREATE =
            "mutation($input: CreateCarrierAccountInput!) { createCarrierAccount(input: $input) { id name carrierId enabled"
                    + " settings { name value } secrets { name kind reference } partsPerSecond version } }";

    private static final List<Map<String, String>> SMSC = List.of(
            Map.of("name", "host", "value", "127.0.0.1"),
            Map.of("name", "port", "value", "1"),
            Map.of("name", "system-id", "value", "aval"),
            Map.of("name", "password", "value", "hush-hush-4711"));

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    private HttpGraphQlTester admin;
    private String name;

    @BeforeEach
    void administer() {
        admin = rest.graphQl(rest.token(Role.ADMIN));
        name = "g-" + TimeOrderedId.next().toString().replace("-", "").substring(8);
    }

    @Test
    void showsPluginsWithWhatTheyTakeAndCan() {
        admin.document("""
                        { carrierPlugins { pluginId version sha256 bundled state reason displayName capabilities
                            settings { name type required defaultValue allowed help } } }
                        """)
                .execute()
                .path("carrierPlugins[?(@.pluginId == 'smpp')].state")
                .entityList(String.class)
                .containsExactly("IN_USE")
                .path("carrierPlugins[?(@.pluginId == 'smpp')].sha256")
                .entityList(String.class)
                .satisfies(digests ->
                        assertThat(digests).singleElement().asString().matches("[0-9a-f]{64}"))
                .path("carrierPlugins[?(@.pluginId == 'smpp')].capabilities[*]")
                .entityList(String.class)
                .contains("RECEIPTS", "SESSION")
                .path("carrierPlugins[?(@.pluginId == 'smpp')].settings[?(@.name == 'password')].type")
                .entityList(String.class)
                .containsExactly("SECRET");
    }

    @Test
    void approvesAndRevokesADigestInTheTrail() {
        String digest = "ab".repeat(16) + TimeOrderedId.next().toString().replace("-", "");

        admin.document("mutation($d: String!) { approveCarrierPlugin(sha256: $d, pluginId: \"acme\") { state } }")
                .variable("d", digest)
                .execute()
                .path("approveCarrierPlugin")
                .entityList(Object.class)
                .hasSize(0);
        admin.document("mutation($d: String!) { revokeCarrierPlugin(sha256: $d) { state } }")
                .variable("d", digest)
                .execute()
                .path("revokeCarrierPlugin")
                .entityList(Object.class)
                .hasSize(0);

        assertThat(database.query(
                        "select action, actor from aval.audit_event where object = ? order by id",
                        "carrier-plugin:" + digest))
                .extracting(event -> event.get("action"))
                .containsExactly("carrier-plugin.approved", "carrier-plugin.revoked");
    }

    @Test
    void tellsEverythingThatIsWrongWithADigest() {
        assertThat(pointers(admin.document(
                        "mutation { approveCarrierPlugin(sha256: \"ABC\", pluginId: \"No Plugin\") { state } }")))
                .containsExactly("/sha256 INVALID", "/pluginId INVALID");
    }

    @Test
    void looksForJarsAgain() {
        admin.document("mutation { reloadCarrierPlugins { pluginId state } }")
                .execute()
                .path("reloadCarrierPlugins[*].pluginId")
                .entityList(String.class)
                .contains("simulator", "smpp");
    }

    @Test
    void createsAnAccountWhoseSecretNobodyReadsBack() {
        String answer = create(SMSC)
                .path("createCarrierAccount.secrets[0].kind")
                .entity(String.class)
                .isEqualTo("SEALED")
                .path("createCarrierAccount.secrets[0].reference")
                .valueIsNull()
                .path("createCarrierAccount.settings[*].name")
                .entityList(String.class)
                .containsExactly("host", "port", "system-id")
                .path("createCarrierAccount")
                .entity(Map.class)
                .get()
                .toString();

        String everything = admin.document("""
                        { carrierAccounts { id name settings { name value } secrets { name kind reference } problem
                            running { available breaker health { status detail } simulator partsPerSecond maximumInFlight } } }
                        """)
                .execute()
                .path("carrierAccounts")
                .entity(List.class)
                .get()
                .toString();

        assertThat(answer + everything).contains(name).doesNotContain("hush");
        assertThat(String.valueOf(
                        database.value("select secrets::text from aval.carrier_account where name = ?", name)))
                .doesNotContain("hush");
        assertThat(database.query("select detail::text from aval.audit_event").toString())
                .doesNotContain("hush");
    }

    @Test
    void showsHealthAndBreakerOfAnAccount() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();

        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        String status = "";
        while (!status.equals("DOWN") && System.nanoTime() < end) {
            status = admin.document("""
                            query($id: UUID!) { carrierAccount(id: $id) { running { available breaker health { status detail } } } }
                            """)
                    .variable("id", id)
                    .execute()
                    .path("carrierAccount")
                    .entity(Object.class)
                    .get()
                    .toString();
            if (status.contains("status=DOWN")) {
                assertThat(status).contains("available=false").contains("breaker=CLOSED");
                status = "DOWN";
            }
        }
        assertThat(status).isEqualTo("DOWN");
    }

    @Test
    void keepsASecretThatAnUpdateLeavesOut() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();

        admin.document("""
                        mutation($input: UpdateCarrierAccountInput!) {
                          updateCarrierAccount(input: $input) { version partsPerSecond settings { name value } secrets { name } }
                        }
                        """)
                .variable(
                        "input",
                        Map.of(
                                "id",
                                id,
                                "name",
                                name,
                                "enabled",
                                true,
                                "partsPerSecond",
                                12.5,
                                "processingCountries",
                                List.of("FR"),
                                "settings",
                                List.of(
                                        Map.of("name", "host", "value", "127.0.0.2"),
                                        Map.of("name", "system-id", "value", "aval"))))
                .execute()
                .path("updateCarrierAccount.version")
                .entity(Integer.class)
                .isEqualTo(2)
                .path("updateCarrierAccount.partsPerSecond")
                .entity(Double.class)
                .isEqualTo(12.5)
                .path("updateCarrierAccount.secrets[*].name")
                .entityList(String.class)
                .containsExactly("password")
                .path("updateCarrierAccount.settings[*].name")
                .entityList(String.class)
                .containsExactly("host", "system-id");
    }

    @Test
    void overwritesNoChangeOfSomebodyElse() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();
        update(id, Map.of("version", 1, "maximumInFlight", 5))
                .execute()
                .path("updateCarrierAccount.version")
                .entity(Integer.class)
                .isEqualTo(2);

        List<ResponseError> errors = errors(update(id, Map.of("version", 1, "maximumInFlight", 7)));

        GraphQlErrors.assertOne(errors, "CONFLICT", "/version", "CHANGED");
        assertThat(database.number("select maximum_in_flight from aval.carrier_account where id = ?", id))
                .isEqualTo(5);
    }

    @Test
    void removesNoSecretThatTheCarrierNeedsOrDoesNotKnow() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();

        var request = update(id, Map.of("removeSecrets", List.of("password", "hush-name")));

        assertThat(pointers(request))
                .containsExactlyInAnyOrder("/settings/password REQUIRED", "/removeSecrets/1 UNKNOWN");
        assertThat(errors(request).toString()).doesNotContain("hush");
    }

    @Test
    void disablesAndEnables() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();

        admin.document("mutation($id: UUID!) { disableCarrierAccount(id: $id) { enabled } }")
                .variable("id", id)
                .execute()
                .path("disableCarrierAccount.enabled")
                .entity(Boolean.class)
                .isEqualTo(false);
        admin.document("mutation($id: UUID!) { enableCarrierAccount(id: $id) { enabled } }")
                .variable("id", id)
                .execute()
                .path("enableCarrierAccount.enabled")
                .entity(Boolean.class)
                .isEqualTo(true);
    }

    @Test
    void changesNothingWhereAnAccountIsEnabledOrDisabledAlready() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();
        String disable = "mutation($id: UUID!) { disableCarrierAccount(id: $id) { version } }";

        for (String again : List.of(disable.replace("disable", "enable"), disable, disable)) {
            admin.document(again).variable("id", id).execute().errors().verify();
        }

        assertThat(database.number("select version from aval.carrier_account where id = ?", id))
                .isEqualTo(2);
        assertThat(database.number("select count(*) from aval.audit_event where object = ?", "carrier-account:" + id))
                .isEqualTo(2);
    }

    @Test
    void neitherDisablesNorEnablesWhatSomebodyElseChangedMeanwhile() {
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();
        String disable =
                "mutation($id: UUID!, $v: Int) { disableCarrierAccount(id: $id, version: $v) { enabled version } }";
        admin.document(disable)
                .variable("id", id)
                .variable("v", 1)
                .execute()
                .path("disableCarrierAccount.version")
                .entity(Integer.class)
                .isEqualTo(2);

        for (String stale : List.of(disable, disable.replace("disable", "enable"))) {
            assertThat(admin.document(stale)
                            .variable("id", id)
                            .variable("v", 1)
                            .execute()
                            .returnResponse()
                            .getErrors())
                    .extracting(error -> error.getExtensions().get("code"))
                    .containsExactly("CONFLICT");
        }
        assertThat(database.value("select enabled from aval.carrier_account where id = ?", id))
                .isEqualTo(false);
    }

    @Test
    void tellsAllThatIsWrongWithSettingsAndRepeatsNoValue() {
        var request = input(
                "smpp",
                List.of(
                        Map.of("name", "port", "value", "hush-port"),
                        Map.of("name", "colour", "value", "hush-colour"),
                        Map.of("name", "password", "value", "file:/etc/shadow")));

        assertThat(pointers(request))
                .containsExactlyInAnyOrder(
                        "/settings/port WRONG_TYPE",
                        "/settings/colour UNKNOWN",
                        "/settings/password NOT_ALLOWED",
                        "/settings/host REQUIRED",
                        "/settings/system-id REQUIRED");
        assertThat(errors(request).toString()).doesNotContain("hush").doesNotContain("shadow");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "env:AVAL_DB_URL | NOT_ALLOWED",
                "file:/run/secrets/../../etc/passwd | NOT_ALLOWED",
                "file: | NOT_ALLOWED",
                "sealed:AAAA | NOT_ALLOWED",
                "'' | NOT_ALLOWED"
            })
    void refusesSecretsThatReachTooFar(String value, String code) {
        assertThat(pointers(input(
                        "smpp",
                        List.of(
                                Map.of("name", "host", "value", "h"),
                                Map.of("name", "system-id", "value", "s"),
                                Map.of("name", "password", "value", value)))))
                .containsExactly("/settings/password " + code);
    }

    @Test
    void refusesAFileNameThatIsNone() {
        assertThat(pointers(input(
                        "smpp",
                        List.of(
                                Map.of("name", "host", "value", "h"),
                                Map.of("name", "system-id", "value", "s"),
                                Map.of("name", "password", "value", "file:/run/\0")))))
                .containsExactly("/settings/password NOT_ALLOWED");
    }

    @Test
    void tellsANameThatIsNoneByItsPlace() {
        var request = input(
                "simulator",
                List.of(
                        Map.of("name", "latency", "value", "PT1S"),
                        Map.of("name", "latency", "value", "PT2S"),
                        Map.of("name", "hush hush", "value", "x"),
                        Map.of("name", "seed", "value", "9".repeat(20_000))));

        assertThat(pointers(request))
                .containsExactly(
                        "/settings/latency DUPLICATE", "/settings/2/name INVALID", "/settings/3/value TOO_LONG");
        assertThat(errors(request).toString()).doesNotContain("hush");
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "1e308", "1e-400"})
    void refusesRatesThatAreNone(String rate) {
        assertThat(pointers(
                        admin.document("mutation { createCarrierAccount(input: {name: \"r\", carrierId: \"simulator\","
                                + " partsPerSecond: " + rate + "}) { id } }")))
                .containsExactly("/partsPerSecond OUT_OF_RANGE");
    }

    @Test
    void refusesANameThatIsTaken() {
        create(SMSC);

        assertThat(errors(input("smpp", SMSC)))
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("CONFLICT");
    }

    @Test
    void renamesToNoNameThatIsTaken() {
        create(SMSC);
        String taken = name;
        name = name + "-b";
        UUID id =
                create(SMSC).path("createCarrierAccount.id").entity(UUID.class).get();

        assertThat(errors(update(id, Map.of("name", taken))))
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("CONFLICT");
    }

    @Test
    void refusesACarrierThatNobodyBrought() {
        assertThat(pointers(input("pigeon", List.of()))).containsExactly("/carrierId UNKNOWN");
    }

    @Test
    void keepsThePlatformFromAdministratorsOfOneTenant() {
        HttpGraphQlTester theirs = rest.graphQl(rest.token(Role.ADMIN, rest.tenant()));

        for (String query : List.of(
                "{ carrierPlugins { file } }",
                "{ carrierAccounts { name } }",
                "{ carrierAccount(id: \"00000000-0000-0000-0000-000000000000\") { name } }",
                "mutation { createCarrierAccount(input: {name: \"x\", carrierId: \"simulator\"}) { id } }",
                "mutation { disableCarrierAccount(id: \"00000000-0000-0000-0000-000000000000\") { id } }",
                "mutation { reloadCarrierPlugins { file } }",
                "mutation { approveCarrierPlugin(sha256: \"\", pluginId: \"\") { file } }")) {
            assertThat(errors(theirs.document(query)))
                    .as(query)
                    .extracting(error -> error.getExtensions().get("code"))
                    .containsExactly("FORBIDDEN");
        }
    }

    @Test
    void doesNotKnowWhatIsNotThere() {
        assertThat(errors(admin.document("{ carrierAccount(id: \"00000000-0000-0000-0000-000000000000\") { name } }")))
                .extracting(error -> error.getExtensions().get("code"))
                .containsExactly("NOT_FOUND");
    }

    private GraphQlTester.Request<?> update(UUID id, Map<String, Object> change) {
        Map<String, Object> input = new java.util.HashMap<>(Map.of(
                "id",
                id,
                "name",
                name,
                "enabled",
                true,
                "processingCountries",
                List.of("FR"),
                "settings",
                List.of(Map.of("name", "host", "value", "127.0.0.1"), Map.of("name", "system-id", "value", "aval"))));
        input.putAll(change);
        return admin.document(
                        "mutation($input: UpdateCarrierAccountInput!) { updateCarrierAccount(input: $input) { version } }")
                .variable("input", input);
    }

    private GraphQlTester.Response create(List<Map<String, String>> settings) {
        return input("smpp", settings).execute();
    }

    private GraphQlTester.Request<?> input(String carrier, List<Map<String, String>> settings) {
        return admin.document(CREATE)
                .variable("input", Map.of("name", name, "carrierId", carrier, "settings", settings));
    }

    private static List<ResponseError> errors(GraphQlTester.Request<?> request) {
        return request.execute().returnResponse().getErrors();
    }

    /** Of the only error: the field and the code of each thing that is wrong. */
    private static List<String> pointers(GraphQlTester.Request<?> request) {
        List<ResponseError> errors = errors(request);
        assertThat(errors).hasSize(1);
        assertThat(errors.getFirst().getExtensions()).containsEntry("code", "INVALID_REQUEST");
        return ((List<?>) errors.getFirst().getExtensions().get("errors"))
                .stream()
                        .map(Map.class::cast)
                        .map(field -> field.get("pointer") + " " + field.get("code"))
                        .toList();
    }
}
