// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.access.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import eu.aval.server.FreshDatabase;
import eu.aval.server.PlatformTest;
import eu.aval.server.RestSetup;
import eu.aval.server.access.Operator.Role;
import eu.aval.server.access.oidc.SigningIssuer.Mood;
import eu.aval.server.shared.TenantId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.graphql.test.tester.GraphQlTester;
import org.springframework.graphql.test.tester.HttpGraphQlTester;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

/** Tokens of issuers that really sign, as the server takes them. */
@PlatformTest
@ExtendWith(OutputCaptureExtension.class)
final class OidcIntegrationTests {

    private static final SigningIssuer ISSUER = new SigningIssuer();
    /** One each for what would spoil the keys of the others. */
    private static final SigningIssuer ROTATING = new SigningIssuer();

    private static final SigningIssuer GUESSED = new SigningIssuer();
    private static final SigningIssuer FADING = new SigningIssuer();
    private static final SigningIssuer SILENT = new SigningIssuer();
    private static final SigningIssuer LYING = new SigningIssuer();
    private static final SigningIssuer HANGING = new SigningIssuer();
    private static final SigningIssuer TALKATIVE = new SigningIssuer();
    private static final SigningIssuer REDIRECTING = new SigningIssuer();
    private static final SigningIssuer UNKNOWN = new SigningIssuer();
    private static final List<SigningIssuer> UNUSABLE = List.of(SILENT, LYING, HANGING, TALKATIVE, REDIRECTING);
    private static final List<SigningIssuer> ALL = Stream.concat(
                    Stream.of(ISSUER, ROTATING, GUESSED, FADING), UNUSABLE.stream())
            .toList();

    private static final String WHO = "{ operator { id name roles tenantIds } }";

    @DynamicPropertySource
    static void issuers(DynamicPropertyRegistry registry) {
        SILENT.be(Mood.FAILING);
        HANGING.be(Mood.HANGING);
        TALKATIVE.be(Mood.TALKATIVE);
        REDIRECTING.be(Mood.REDIRECTING);
        LYING.speakFor("https://login.example.com");
        for (int i = 0; i < ALL.size(); i++) {
            SigningIssuer issuer = ALL.get(i);
            String prefix = "aval.oidc.issuers[" + i + "].";
            registry.add(prefix + "issuer", issuer::address);
            registry.add(prefix + "audience", () -> "aval");
            registry.add(prefix + "timeout", () -> issuer == HANGING ? "500ms" : "60s");
            registry.add(prefix + "client-id", () -> "console");
            registry.add(prefix + "roles-claim", () -> "realm_access.roles");
            for (Role role : Role.values()) {
                registry.add(prefix + "roles." + role.name(), () -> "aval-" + role.name());
            }
            registry.add(prefix + "tenants-claim", () -> "https://aval.example/tenants");
            registry.add(prefix + "every-tenant-roles", () -> "ADMIN,AUDITOR");
        }
    }

    @Autowired
    private RestSetup rest;

    @Autowired
    private FreshDatabase database;

    @Autowired
    private MeterRegistry meters;

    private TenantId tenant;

    @AfterAll
    static void close() {
        ALL.forEach(SigningIssuer::close);
        UNKNOWN.close();
    }

    @BeforeEach
    void tenant() {
        tenant = rest.tenant();
    }

    @Test
    void letsInWhomAnIssuerVouchesFor() {
        GraphQlTester.Response answer = ask(ISSUER.sign(claims(ISSUER, Role.DPO)), WHO);

        answer.path("operator.roles").entityList(String.class).containsExactly("DPO");
        answer.path("operator.tenantIds").entityList(String.class).containsExactly(tenant.toString());
        answer.path("operator.name").valueIsNull();
    }

    @Test
    void knowsTheSamePersonByTheSameIdAndKeepsNothingElseOfThem(CapturedOutput output) {
        String subject = "camille-" + UUID.randomUUID();

        String first = id(ISSUER.sign(claims(ISSUER, subject, Role.DPO)));
        String again = id(ISSUER.sign(claims(ISSUER, subject, Role.SUPPORT)));
        String another = id(ISSUER.sign(claims(ISSUER, Role.DPO)));
        String elsewhere = id(ROTATING.sign(claims(ROTATING, subject, Role.DPO)));

        assertThat(again).isEqualTo(first);
        assertThat(Stream.of(first, another, elsewhere)).doesNotHaveDuplicates();
        Map<String, Object> row = Map.copyOf(database.query(
                        "select issuer, encode(subject_index, 'escape') as index, encode(subject_sealed, 'escape') as sealed"
                                + " from aval.operator_identity where id = ?",
                        UUID.fromString(first))
                .getFirst());
        assertThat(row.toString())
                .contains(ISSUER.address())
                .doesNotContain(subject)
                .doesNotContain("Martin");
        assertThat(output.getAll())
                .doesNotContain(subject)
                .doesNotContain("Martin")
                .doesNotContain("camille.martin");
    }

    @Test
    void writesWhatTheyDoUnderThatId() {
        String token = ISSUER.sign(claims(ISSUER, Role.ADMIN));
        String id = id(token);

        ask(token, "mutation { declareSender(input: {tenantId: \"" + tenant + "\", value: \"ACME\"}) { id } }")
                .path("declareSender.id")
                .hasValue();

        assertThat(database.value(
                        "select actor from aval.audit_event where tenant_id = ? and action like 'sender.%'",
                        tenant.value()))
                .isEqualTo("operator:" + id);
    }

    @Test
    void takesOperatorsTokensBesides() {
        rest.graphQl(rest.token(Role.AUDITOR))
                .document(WHO)
                .execute()
                .path("operator.name")
                .entity(String.class)
                .isEqualTo("test");
    }

    static Stream<Arguments> unbelievable() throws JOSEException {
        Instant now = Instant.now();
        RSAKey foreign = SigningIssuer.newKey();
        JWSHeader header = ISSUER.header().build();
        JWTClaimsSet good = claims(ISSUER, "*", "someone", Role.ADMIN).build();
        SignedJWT confused = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(ISSUER.key().getKeyID())
                        .build(),
                good);
        confused.sign(new MACSigner(ISSUER.key().toPublicJWK().toJSONString().getBytes(UTF_8)));
        String[] parts = SigningIssuer.sign(header, good, ISSUER.key()).split("\\.");
        String promoted = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8)
                        .replace("someone", "another")
                        .getBytes(UTF_8));
        return Stream.of(
                Arguments.of("EXPIRED", ISSUER.sign(changed().expirationTime(Date.from(now.minusSeconds(60))))),
                Arguments.of("EXPIRED", ISSUER.sign(changed().expirationTime(null))),
                Arguments.of("NOT_YET_VALID", ISSUER.sign(changed().notBeforeTime(Date.from(now.plusSeconds(3_600))))),
                Arguments.of("NOT_YET_VALID", ISSUER.sign(changed().issueTime(Date.from(now.plusSeconds(3_600))))),
                Arguments.of("AUDIENCE", ISSUER.sign(changed().audience("account"))),
                Arguments.of("AUDIENCE", ISSUER.sign(changed().audience(List.of()))),
                Arguments.of("CLIENT", ISSUER.sign(changed().claim("azp", "another"))),
                Arguments.of("NO_SUBJECT", ISSUER.sign(changed().subject(null))),
                Arguments.of("UNKNOWN_ISSUER", UNKNOWN.sign(UNKNOWN.claims("someone"))),
                Arguments.of("UNKNOWN_ISSUER", ISSUER.sign(changed().issuer(ISSUER.address() + "/"))),
                Arguments.of("ALGORITHM", new PlainJWT(good).serialize()),
                Arguments.of("ALGORITHM", confused.serialize()),
                Arguments.of(
                        "ALGORITHM",
                        SigningIssuer.sign(
                                new JWSHeader.Builder(JWSAlgorithm.RS512)
                                        .keyID(ISSUER.key().getKeyID())
                                        .build(),
                                good,
                                ISSUER.key())),
                Arguments.of("SIGNATURE", SigningIssuer.sign(header, good, foreign)),
                Arguments.of("SIGNATURE", parts[0] + "." + promoted + "." + parts[2]),
                Arguments.of("MALFORMED", parts[0] + "." + parts[1] + "."),
                Arguments.of(
                        "SIGNATURE",
                        SigningIssuer.sign(
                                ISSUER.header().jwk(foreign.toPublicJWK()).build(), good, foreign)),
                Arguments.of(
                        "SIGNATURE",
                        SigningIssuer.sign(
                                ISSUER.header()
                                        .type(new JOSEObjectType("logout+jwt"))
                                        .build(),
                                good,
                                ISSUER.key())),
                Arguments.of("MALFORMED", "a.b.c"),
                Arguments.of("MALFORMED", "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.a.b.c.d"),
                Arguments.of("MALFORMED", encoded("{\"alg\":" + "[".repeat(3000)) + ".e30.e30"));
    }

    @ParameterizedTest
    @MethodSource("unbelievable")
    void refusesATokenThatProvesNothing(String reason, String token) {
        double before = rejected(reason);

        post(token)
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .valueEquals("WWW-Authenticate", "Bearer realm=\"aval\", error=\"invalid_token\"")
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("UNAUTHENTICATED");

        assertThat(rejected(reason)).isEqualTo(before + 1);
    }

    @Test
    void saysHowToAuthenticateToWhoeverBringsNothing() {
        rest.client()
                .post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("query", WHO))
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .valueEquals("WWW-Authenticate", "Bearer realm=\"aval\"");
    }

    @Test
    void survivesATokenOfAnySize() {
        for (int size : List.of(5_000, 7_900, 9_000, 60_000)) {
            int status = statusOf(encoded("{\"alg\":\"RS256\"}") + "." + "A".repeat(size) + ".AAAA");
            assertThat(status).as("%d characters", size).isBetween(400, 499);
        }
        ask(ISSUER.sign(claims(ISSUER, Role.DPO)), WHO).path("operator.id").hasValue();
    }

    @ParameterizedTest
    @CsvSource({
        "NO_ROLE, ''",
        "NO_ROLE, admin",
        "CONFLICTING_ROLES, aval-ADMIN aval-DPO",
        "CONFLICTING_ROLES, aval-AUDITOR aval-SUPPORT",
        "CONFLICTING_ROLES, aval-DPO aval-SENDER"
    })
    void refusesRolesThatNoOneMayHave(String reason, String roles) {
        double before = rejected(reason);

        post(ISSUER.sign(claims(ISSUER, tenant.toString(), "someone")
                        .claim("realm_access", Map.of("roles", List.of(roles.split(" "))))))
                .expectStatus()
                .isForbidden()
                .expectBody()
                .jsonPath("$.code")
                .isEqualTo("FORBIDDEN");

        assertThat(rejected(reason)).isEqualTo(before + 1);
    }

    @Test
    void letsRolesMeetThatOnlyWork() {
        ask(ISSUER.sign(claims(ISSUER, Role.SENDER, Role.SUPPORT)), WHO)
                .path("operator.roles")
                .entityList(String.class)
                .containsExactly("SENDER", "SUPPORT");
    }

    @Test
    void showsNoTenantThatIsNotGranted() {
        double before = rejected("NO_TENANT");
        JWTClaimsSet.Builder none = ISSUER.claims("someone").claim("realm_access", roles(Role.DPO));

        post(ISSUER.sign(none)).expectStatus().isForbidden();
        post(ISSUER.sign(claims(ISSUER, "no-such-tenant", "someone", Role.DPO)))
                .expectStatus()
                .isForbidden();
        post(ISSUER.sign(claims(ISSUER, "*", "someone", Role.DPO)))
                .expectStatus()
                .isForbidden();

        assertThat(rejected("NO_TENANT")).isEqualTo(before + 3);
    }

    @Test
    void showsEveryTenantToRolesThatMay() {
        ask(ISSUER.sign(claims(ISSUER, "*", "someone", Role.ADMIN)), WHO)
                .path("operator.tenantIds")
                .valueIsNull();
    }

    @Test
    void showsTheTenantsThatAreNamed() {
        TenantId other = rest.tenant();
        String key = String.valueOf(database.value("select key from aval.tenant where id = ?", other.value()));
        rest.tenant();
        String token = ISSUER.sign(claims(ISSUER, tenant.toString(), "someone", Role.DPO)
                .claim("https://aval.example/tenants", List.of(tenant.toString(), key, "gone")));

        ask(token, "{ tenants { id } }")
                .path("tenants[*].id")
                .entityList(String.class)
                .containsExactly(tenant.toString(), other.toString());
        assertThat(rest.graphQl(token)
                        .document(
                                "{ optOutsByNumber(lookUp: {number: \"+33639980000\", reason: INCIDENT}) { pageInfo { endCursor } } }")
                        .execute()
                        .returnResponse()
                        .getErrors()
                        .toString())
                .contains("/tenantId");
    }

    @Test
    void takesAKeyThatTheIssuerHasJustMade() {
        id(ROTATING.sign(claims(ROTATING, Role.DPO)));
        String old = ROTATING.sign(claims(ROTATING, Role.DPO));

        ROTATING.rotate();

        id(ROTATING.sign(claims(ROTATING, Role.DPO)));
        post(old).expectStatus().isUnauthorized();
    }

    @Test
    void asksAFewTimesOnlyForKeysThatNobodyHas() {
        long start = System.nanoTime();
        id(GUESSED.sign(claims(GUESSED, Role.DPO)));
        double before = rejected("UNKNOWN_KEY");

        for (int i = 0; i < 20; i++) {
            RSAKey guessed = GUESSED.key();
            JWSHeader header = GUESSED.header().keyID("guess-" + i).build();
            post(SigningIssuer.sign(
                            header, claims(GUESSED, "*", "someone", Role.ADMIN).build(), guessed))
                    .expectStatus()
                    .isUnauthorized();
        }

        assertThat(GUESSED.fetches())
                .isLessThanOrEqualTo(
                        SigningKeys.BURST + 1 + (int) ((System.nanoTime() - start) / SigningKeys.REFETCH.toNanos()));
        assertThat(rejected("UNKNOWN_KEY")).isEqualTo(before + 20);
        id(GUESSED.sign(claims(GUESSED, Role.DPO)));
    }

    @Test
    void goesOnWithTheKeysItKnowsWhileTheIssuerDoesNotAnswer() {
        id(FADING.sign(claims(FADING, Role.DPO)));

        FADING.be(Mood.FAILING);

        id(FADING.sign(claims(FADING, Role.DPO)));
    }

    @Test
    void cannotDecideWithoutTheKeysOfAnIssuer() {
        for (SigningIssuer issuer : UNUSABLE) {
            post(issuer.sign(claims(issuer, Role.DPO)))
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .exists("Retry-After")
                    .expectBody()
                    .jsonPath("$.code")
                    .isEqualTo("FACTS_UNAVAILABLE");
        }
    }

    @Test
    void refusesSomebodyWhoIsSuspendedUntilTheyAreNot() {
        HttpGraphQlTester admin = rest.graphQl(rest.token(Role.ADMIN));
        String subject = "suspended-" + UUID.randomUUID();
        String id = id(ISSUER.sign(claims(ISSUER, subject, Role.SUPPORT)));
        String token = ISSUER.sign(claims(ISSUER, subject, Role.SUPPORT));
        id(token);

        admin.document("mutation($id: UUID!) { suspendOperator(id: $id) { suspendedAt } }")
                .variable("id", id)
                .execute()
                .path("suspendOperator.suspendedAt")
                .hasValue();

        post(ISSUER.sign(claims(ISSUER, subject, Role.SUPPORT))).expectStatus().isForbidden();
        awaitStatus(token, 403);
        admin.document("mutation($id: UUID!) { resumeOperator(id: $id) { suspendedAt } }")
                .variable("id", id)
                .execute()
                .path("resumeOperator.suspendedAt")
                .valueIsNull();
        id(ISSUER.sign(claims(ISSUER, subject, Role.SUPPORT)));
        assertThat(database.query("select action from aval.audit_event where object = ? order by id", "operator:" + id))
                .extracting(row -> row.get("action"))
                .containsExactly("operator.suspended", "operator.resumed");
    }

    @Test
    void listsIdentitiesPageByPage() {
        id(ISSUER.sign(claims(ISSUER, Role.DPO)));
        id(ISSUER.sign(claims(ISSUER, Role.DPO)));
        HttpGraphQlTester auditor = rest.graphQl(rest.token(Role.AUDITOR));
        String page = "query($after: String) { operatorIdentities(first: 1, after: $after) {"
                + " edges { node { id issuer } } pageInfo { hasNextPage endCursor } } }";

        GraphQlTester.Response first = auditor.document(page).execute();

        first.path("operatorIdentities.pageInfo.hasNextPage")
                .entity(Boolean.class)
                .isEqualTo(true);
        String id = first.path("operatorIdentities.edges[0].node.id")
                .entity(String.class)
                .get();
        auditor.document(page)
                .variable(
                        "after",
                        first.path("operatorIdentities.pageInfo.endCursor")
                                .entity(String.class)
                                .get())
                .execute()
                .path("operatorIdentities.edges[0].node.id")
                .entity(String.class)
                .satisfies(next -> assertThat(next).isGreaterThan(id));
    }

    private void awaitStatus(String token, int status) {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (post(token).expectBody().returnResult().getStatus().value() != status) {
            assertThat(System.nanoTime()).as("refused in time").isLessThan(end);
        }
    }

    private JWTClaimsSet.Builder claims(SigningIssuer issuer, Role... roles) {
        return claims(issuer, UUID.randomUUID().toString(), roles);
    }

    private JWTClaimsSet.Builder claims(SigningIssuer issuer, String subject, Role... roles) {
        return claims(issuer, tenant.toString(), subject, roles);
    }

    private static JWTClaimsSet.Builder claims(SigningIssuer issuer, String tenants, String subject, Role... roles) {
        return issuer.claims(subject)
                .claim("realm_access", roles(roles))
                .claim("https://aval.example/tenants", List.of(tenants));
    }

    /** A token that only what is changed of it makes a bad one. */
    private static JWTClaimsSet.Builder changed() {
        return claims(ISSUER, "*", "someone", Role.ADMIN);
    }

    private static Map<String, Object> roles(Role... roles) {
        return Map.of("roles", Stream.of(roles).map(role -> "aval-" + role).toList());
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private String id(String token) {
        return ask(token, WHO).path("operator.id").entity(String.class).get();
    }

    private GraphQlTester.Response ask(String token, String query) {
        return rest.graphQl(token).document(query).execute();
    }

    private WebTestClient.ResponseSpec post(String token) {
        return rest.client(token)
                .post()
                .uri("/graphql")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(Map.of("query", WHO))
                .exchange();
    }

    /** A header that is too long is answered before the body is there, and the connection closed: some see no answer. */
    private int statusOf(String token) {
        try {
            return post(token).expectBody().returnResult().getStatus().value();
        } catch (WebClientRequestException closed) {
            return HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE.value();
        }
    }

    private double rejected(String reason) {
        var counter = meters.find("aval_tokens_rejected").tag("reason", reason).counter();
        return counter == null ? 0 : counter.count();
    }
}
