// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.consent.rest;

import eu.aval.server.access.Application;
import eu.aval.server.access.RequestBody;
import eu.aval.server.audit.Actor;
import eu.aval.server.consent.Senders;
import eu.aval.server.consent.Suppressions;
import eu.aval.server.personaldata.PhoneNumber;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import eu.aval.spi.submit.MessageClass;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code POST /v1/opt-outs}. As easy as can be: any key with the scope, and nothing but the number is required. */
@Component
class OptOutHandler {

    private static final String DEFAULT_SOURCE = "api";

    private final Suppressions suppressions;
    private final Senders senders;

    OptOutHandler(Suppressions suppressions, Senders senders) {
        this.suppressions = suppressions;
        this.senders = senders;
    }

    Mono<ServerResponse> handle(ServerRequest request) {
        Application application = Application.of(request);
        return RequestBody.json(request, RequestBody.SINGLE)
                .map(body -> objection(RequestBody.parse(OptOutRequest.class, body)))
                .flatMap(objection -> declared(application, objection))
                .flatMap(objection -> suppressions
                        .add(application.tenant(), objection, Actor.key(application.keyId()))
                        .flatMap(entries -> ServerResponse.status(HttpStatus.CREATED)
                                .contentType(MediaType.APPLICATION_JSON)
                                .bodyValue(answer(objection, entries))));
    }

    private static Suppressions.Objection objection(OptOutRequest request) {
        Fields fields = new Fields();
        PhoneNumber number = fields.mobile(request.to());
        Set<MessageClass> classes = classes(fields, request);
        String sender = fields.text("/sender", request.sender(), 16);
        String source = Objects.requireNonNullElse(fields.source(request.source()), DEFAULT_SOURCE);
        Problem problem = fields.problem();
        if (problem != null || number == null) {
            throw problem != null
                    ? problem
                    : new Problem(ProblemType.INVALID_REQUEST, "The request has invalid fields.");
        }
        return new Suppressions.Objection(number, sender, classes, source);
    }

    private static Set<MessageClass> classes(Fields fields, OptOutRequest request) {
        boolean all = Boolean.TRUE.equals(request.all());
        List<@Nullable String> named = request.messageClasses();
        if (named == null) {
            return all ? Set.of() : Suppressions.DEFAULT_CLASSES;
        }
        if (all || named.isEmpty()) {
            fields.defect("/messageClasses", "AMBIGUOUS", "Either at least one class, or all.");
        }
        Set<MessageClass> classes = EnumSet.noneOf(MessageClass.class);
        for (int i = 0; i < named.size(); i++) {
            MessageClass messageClass = fields.member("/messageClasses/" + i, named.get(i), MessageClass.class);
            if (messageClass != null) {
                classes.add(messageClass);
            }
        }
        return classes;
    }

    private Mono<Suppressions.Objection> declared(Application application, Suppressions.Objection objection) {
        String sender = objection.sender();
        return sender == null
                ? Mono.just(objection)
                : senders.of(application.tenant()).map(known -> {
                    if (!known.containsKey(sender)) {
                        throw new Problem(
                                ProblemType.SENDER_NOT_DECLARED,
                                "Leave the sender out to reach all of them.",
                                List.of(new Problem.Field("/sender", "SENDER_NOT_DECLARED", "Not a declared sender.")));
                    }
                    return objection;
                });
    }

    private static Map<String, Object> answer(Suppressions.Objection objection, List<Suppressions.Entry> entries) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("all", objection.classes().isEmpty());
        answer.put(
                "messageClasses",
                objection.classes().stream().map(Enum::name).sorted().toList());
        if (objection.sender() != null) {
            answer.put("sender", objection.sender());
        }
        answer.put("source", objection.source());
        answer.put(
                "recordedAt",
                entries.stream()
                        .map(Suppressions.Entry::createdAt)
                        .max(Instant::compareTo)
                        .map(Instant::toString)
                        .orElseThrow());
        return answer;
    }
}
