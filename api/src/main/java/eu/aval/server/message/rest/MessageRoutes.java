// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import eu.aval.server.access.Application;
import eu.aval.server.access.Application.Scope;
import eu.aval.server.access.Cursor;
import eu.aval.server.access.RequestBody;
import eu.aval.server.access.RestRoutes;
import eu.aval.server.carrier.CarrierAccount;
import eu.aval.server.carrier.CarrierAccounts;
import eu.aval.server.message.Messages;
import eu.aval.server.message.accept.IdempotencyKey;
import eu.aval.server.message.accept.Reception;
import eu.aval.server.message.accept.Reception.Receipt;
import eu.aval.server.message.accept.SendRequest;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Send, preview, look up, list and cancel. */
@Configuration(proxyBeanMethods = false)
class MessageRoutes {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private final Reception reception;
    private final Messages messages;
    private final CarrierAccounts accounts;
    private final JsonMapper json;

    MessageRoutes(Reception reception, Messages messages, CarrierAccounts accounts, JsonMapper json) {
        this.reception = reception;
        this.messages = messages;
        this.accounts = accounts;
        this.json = json;
    }

    @Bean
    RestRoutes messageRestRoutes(BatchHandler batch) {
        return RestRoutes.of()
                .post("/v1/messages", Scope.MESSAGES_SEND, this::send)
                .post("/v1/messages/batch", Scope.MESSAGES_SEND, batch::handle)
                .post("/v1/messages/preview", Scope.MESSAGES_SEND, this::preview)
                .get("/v1/messages", Scope.MESSAGES_READ, this::list)
                .get("/v1/messages/{id}", Scope.MESSAGES_READ, this::find)
                .post("/v1/messages/{id}/cancel", Scope.MESSAGES_SEND, this::cancel);
    }

    private Mono<ServerResponse> send(ServerRequest request) {
        Application application = Application.of(request);
        IdempotencyKey key = key(request);
        return RequestBody.json(request, RequestBody.SINGLE)
                .flatMap(body -> reception.send(application, SendRequestReader.read(body), key))
                .flatMap(MessageRoutes::accepted);
    }

    private static Mono<ServerResponse> accepted(Receipt receipt) {
        ServerResponse.BodyBuilder response = ServerResponse.status(HttpStatus.ACCEPTED)
                .location(URI.create(
                        SendResultWriter.MESSAGES + receipt.accepted().id()))
                .contentType(MediaType.APPLICATION_JSON);
        if (receipt.accepted().replayed()) {
            response.header("Idempotency-Replayed", "true");
        }
        return response.bodyValue(SendResultWriter.result(receipt));
    }

    private Mono<ServerResponse> preview(ServerRequest request) {
        Application application = Application.of(request);
        return RequestBody.json(request, RequestBody.SINGLE).flatMap(body -> {
            SendRequest wanted = SendRequestReader.read(body);
            return reception
                    .preview(application, wanted)
                    .flatMap(preview -> ServerResponse.ok()
                            .contentType(MediaType.APPLICATION_JSON)
                            .bodyValue(SendResultWriter.preview(preview, wanted.text())));
        });
    }

    private Mono<ServerResponse> find(ServerRequest request) {
        return messages.history(Application.of(request).tenant(), id(request))
                .switchIfEmpty(Mono.error(MessageRoutes::unknown))
                .flatMap(history -> answer(MessageView.of(history, this::accountName)));
    }

    private Mono<ServerResponse> list(ServerRequest request) {
        ListQuery query = ListQuery.parse(request.queryParams());
        return messages.list(Application.of(request).tenant(), query.filter(), query.limit(), query.after())
                .flatMap(page -> {
                    UUID next = page.next();
                    return answer(new MessageView.Page(
                            page.messages().stream().map(MessageView::of).toList(),
                            next == null ? null : Cursor.of(next)));
                });
    }

    private Mono<ServerResponse> cancel(ServerRequest request) {
        return messages.cancel(Application.of(request).tenant(), id(request))
                .flatMap(message -> answer(MessageView.of(message)));
    }

    static @Nullable IdempotencyKey key(ServerRequest request) {
        return IdempotencyKey.parse(request.headers().header(IDEMPOTENCY_KEY));
    }

    private Mono<ServerResponse> answer(Object body) {
        return ServerResponse.ok().contentType(MediaType.APPLICATION_JSON).bodyValue(json.writeValueAsBytes(body));
    }

    private @Nullable String accountName(UUID id) {
        CarrierAccount account = accounts.find(id);
        return account == null ? null : account.name();
    }

    /** What is no id is the id of nothing. */
    private static UUID id(ServerRequest request) {
        String id = request.pathVariable("id");
        try {
            if (id.length() == 36) {
                return UUID.fromString(id);
            }
        } catch (IllegalArgumentException e) {
            // Answered like an id that nobody has
        }
        throw unknown();
    }

    private static Problem unknown() {
        return new Problem(ProblemType.NOT_FOUND, "There is no such message");
    }
}
