// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import eu.aval.server.access.Application;
import eu.aval.server.access.RequestBody;
import eu.aval.server.audit.Actor;
import eu.aval.server.consent.Consent;
import eu.aval.server.consent.Consents;
import eu.aval.server.consent.GivenBy;
import eu.aval.server.contact.AgeBand;
import eu.aval.server.contact.PhoneNumbers;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/consents}. */
@Component
class ConsentHandler {

    /** Clocks differ. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final int FULL_AGE = 18;

    private final Consents consents;
    private final Clock clock;

    ConsentHandler(Consents consents, Clock clock) {
        this.consents = consents;
        this.clock = clock;
    }

    Mono<ServerResponse> handle(ServerRequest request) {
        Application application = Application.of(request);
        return RequestBody.json(request, RequestBody.SINGLE)
                .map(body -> act(RequestBody.parse(ConsentRequest.class, body)))
                .map(act -> granted(application, act))
                .flatMap(act -> consents.record(application.tenant(), act, Actor.key(application.keyId()))
                        .flatMap(entry -> ServerResponse.status(HttpStatus.CREATED)
                                .contentType(MediaType.APPLICATION_JSON)
                                .bodyValue(answer(act, entry))));
    }

    private Consents.Act act(ConsentRequest request) {
        Fields fields = new Fields();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        PhoneNumber number = fields.mobile(request.to());
        String purpose = fields.required("/purpose", request.purpose());
        Consent.Status status = request.status() == null
                ? Consent.Status.GIVEN
                : fields.member("/status", request.status(), Consent.Status.class);
        Instant givenAt = Objects.requireNonNullElse(fields.instant("/givenAt", request.givenAt()), now);
        if (givenAt.isAfter(now.plus(TOLERANCE))) {
            fields.defect("/givenAt", "IN_THE_FUTURE", "Nobody can have acted in the future.");
        }
        Instant expiresAt = fields.instant("/expiresAt", request.expiresAt());
        if (expiresAt != null && !expiresAt.isAfter(givenAt)) {
            fields.defect("/expiresAt", "BEFORE_IT_BEGINS", "Later than givenAt.");
        }
        String source = fields.source(fields.required("/source", request.source()));
        String wordingVersion = fields.text("/wordingVersion", request.wordingVersion(), 64);
        String locale = fields.locale(request.locale());
        String evidence = fields.text("/evidence", request.evidence(), 16_000);
        GivenBy givenBy = request.givenBy() == null
                ? GivenBy.RECIPIENT
                : fields.member("/givenBy", request.givenBy(), GivenBy.class);
        if (givenBy == GivenBy.GUARDIAN && status == Consent.Status.GIVEN && evidence == null) {
            fields.defect("/evidence", "REQUIRED", "What shows that a holder of parental authority agreed.");
        }
        Consents.DeclaredAge age = age(fields, request, LocalDate.ofInstant(now, ZoneOffset.UTC));
        Problem problem = fields.problem();
        if (problem != null
                || number == null
                || purpose == null
                || status == null
                || source == null
                || givenBy == null) {
            throw problem != null
                    ? problem
                    : new Problem(ProblemType.INVALID_REQUEST, "The request has invalid fields.");
        }
        return new Consents.Act(
                number, purpose, status, givenBy, givenAt, source, wordingVersion, locale, evidence, expiresAt, age);
    }

    private static Consents.@Nullable DeclaredAge age(Fields fields, ConsentRequest request, LocalDate today) {
        LocalDate until = fields.end("/ageBandUntil", request.ageBandUntil());
        if (request.ageBand() == null) {
            if (request.ageBandUntil() != null) {
                fields.defect("/ageBand", "REQUIRED", "Which band ends then.");
            }
            return null;
        }
        AgeBand band = fields.member("/ageBand", request.ageBand(), AgeBand.class);
        if (band == AgeBand.UNKNOWN) {
            fields.defect("/ageBand", "INVALID_VALUE", "To say nothing, leave it out.");
        } else if (band == AgeBand.CHILD && request.ageBandUntil() == null) {
            fields.defect("/ageBandUntil", "REQUIRED", "When the person reaches the age of digital consent.");
        } else if (band == AgeBand.ADULT && request.ageBandUntil() != null) {
            fields.defect("/ageBandUntil", "NOT_POSSIBLE", "It has no end.");
        } else if (until != null && (!until.isAfter(today) || until.isAfter(today.plusYears(FULL_AGE)))) {
            fields.defect("/ageBandUntil", "OUT_OF_RANGE", "In the future, and at most 18 years ahead.");
        }
        return band == null ? null : new Consents.DeclaredAge(band, until);
    }

    private static Consents.Act granted(Application application, Consents.Act act) {
        if (application.purposes() != null && !application.purposes().contains(act.purpose())) {
            throw new Problem(
                    ProblemType.PURPOSE_NOT_GRANTED,
                    "The key may not record consent for this purpose.",
                    List.of(new Problem.Field(
                            "/purpose", "PURPOSE_NOT_GRANTED", "Not among the purposes of the key.")));
        }
        // a consent in the ledger counts for live messages too
        if (application.kind() == Application.Kind.TEST
                && act.status() == Consent.Status.GIVEN
                && !PhoneNumbers.isFiction(act.number())) {
            throw new Problem(
                    ProblemType.RECIPIENT_NOT_GRANTED,
                    "A test key records consent for numbers of the range for fiction only.",
                    List.of(new Problem.Field("/to", "RECIPIENT_NOT_GRANTED", "+33 6 39 98 00 00 to 99 99.")));
        }
        return act;
    }

    private static Map<String, Object> answer(Consents.Act act, Consents.Entry entry) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("id", entry.id().toString());
        answer.put("purpose", act.purpose());
        answer.put("status", entry.status().name());
        answer.put("givenBy", act.givenBy().name());
        answer.put("givenAt", entry.givenAt().toString());
        answer.put("recordedAt", entry.recordedAt().toString());
        answer.put("source", act.source());
        if (act.wordingVersion() != null) {
            answer.put("wordingVersion", act.wordingVersion());
        }
        if (act.locale() != null) {
            answer.put("locale", act.locale());
        }
        if (act.expiresAt() != null) {
            answer.put("expiresAt", act.expiresAt().toString());
        }
        if (act.age() != null) {
            answer.put("ageBand", act.age().band().name());
        }
        return answer;
    }
}
