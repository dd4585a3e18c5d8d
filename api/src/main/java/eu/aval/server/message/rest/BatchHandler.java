// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.message.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import eu.aval.server.access.Application;
import eu.aval.server.access.ProblemBody;
import eu.aval.server.access.RateLimits;
import eu.aval.server.access.RequestBody;
import eu.aval.server.message.accept.IdempotencyKey;
import eu.aval.server.message.accept.Journal;
import eu.aval.server.message.accept.Reception;
import eu.aval.server.message.accept.Reception.Item;
import eu.aval.server.message.accept.Reception.Outcome;
import eu.aval.server.shared.Problem;
import eu.aval.server.shared.ProblemType;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.json.JsonMapper;

/** Many messages in one request, each with an outcome of its own. */
@Component
class BatchHandler {

    static final int MOST = 10_000;

    /** Chunks of one JSON batch that are on their way: more would crowd out the requests of others. */
    private static final int CHUNKS = 2;
    /** Lines of a stream that are read and not answered: what bounds its memory, and a full transaction. */
    private static final int LINES = 512;

    private static final int ANSWERS = 64;
    private static final Duration PROMPTLY = Duration.ofMillis(20);

    private final Reception reception;
    private final RateLimits limits;
    private final JsonMapper json;

    BatchHandler(Reception reception, RateLimits limits, JsonMapper json) {
        this.reception = reception;
        this.limits = limits;
        this.json = json;
    }

    Mono<ServerResponse> handle(ServerRequest request) {
        Application application = Application.of(request);
        IdempotencyKey key = MessageRoutes.key(request);
        return RequestBody.isLines(request) ? stream(request, application, key) : document(request, application, key);
    }

    /** Parsing a document of megabytes is not for the threads that serve everybody. */
    private Mono<ServerResponse> document(
            ServerRequest request, Application application, @Nullable IdempotencyKey key) {
        return RequestBody.json(request, RequestBody.BATCH)
                .publishOn(Schedulers.parallel())
                .flatMap(body -> {
                    List<List<Item>> chunks = chunks(body);
                    if (chunks.isEmpty()) {
                        return Mono.error(new Problem(
                                ProblemType.INVALID_REQUEST,
                                "A batch has at least one message",
                                List.of(new Problem.Field("", "REQUIRED", "At least one message"))));
                    }
                    String left = limits.chargeBatch(
                            application,
                            (chunks.size() - 1) * Journal.BATCH
                                    + chunks.getLast().size());
                    request.exchange().getResponse().getHeaders().set(RateLimits.HEADER, left);
                    Answer answer = new Answer(request.exchange().getRequest());
                    return Flux.fromIterable(chunks)
                            .flatMapSequential(
                                    chunk -> reception
                                            .sendAll(application, chunk, key)
                                            .onErrorResume(error -> Mono.just(refused(chunk, error)))
                                            .map(outcomes -> answer.items(chunk, outcomes)),
                                    CHUNKS,
                                    1)
                            .doOnNext(answer::add)
                            .then(Mono.defer(() -> ServerResponse.status(HttpStatus.ACCEPTED)
                                    .contentType(MediaType.APPLICATION_JSON)
                                    .bodyValue(answer.end())));
                });
    }

    private static List<List<Item>> chunks(byte[] body) {
        List<List<Item>> chunks = new ArrayList<>();
        SendRequestReader.readBatch(body, MOST, (request, index) -> {
            if (index % Journal.BATCH == 0) {
                chunks.add(new ArrayList<>());
            }
            chunks.getLast().add(new Item(index, request));
        });
        return chunks;
    }

    private static List<Outcome> refused(List<Item> chunk, Throwable error) {
        Outcome outcome = new Outcome.Refused(problem(error));
        return chunk.stream().map(item -> outcome).toList();
    }

    /** In and out at the same time: lines are read as fast as they become durable and as their answers are taken. */
    private Mono<ServerResponse> stream(ServerRequest request, Application application, @Nullable IdempotencyKey key) {
        Answer answer = new Answer(request.exchange().getRequest());
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        Mono<Void> ended = Application.ended(request)
                .doOnSuccess(nothing -> end.set(new Problem(ProblemType.UNAUTHENTICATED, "The key has ended")));
        Flux<DataBuffer> answers = RequestBody.lines(request, RequestBody.SINGLE)
                .takeUntilOther(ended)
                // What was read before is answered before
                .onErrorResume(broken -> {
                    end.set(broken);
                    return Flux.empty();
                })
                .index()
                .flatMap(
                        line -> line(application, Math.toIntExact(line.getT1()), line.getT2(), key)
                                .map(outcome -> answer.line(Math.toIntExact(line.getT1()), outcome)),
                        LINES,
                        LINES)
                .bufferTimeout(ANSWERS, PROMPTLY, true)
                .concatWith(Mono.defer(() -> {
                    Throwable broken = end.get();
                    return broken == null ? Mono.empty() : Mono.error(broken);
                }))
                .onErrorResume(error -> Mono.just(List.of(answer.broken(problem(error)))))
                .map(BatchHandler::joined);
        return ServerResponse.status(HttpStatus.ACCEPTED)
                .contentType(MediaType.APPLICATION_NDJSON)
                .body((response, context) -> response.writeAndFlushWith(answers.map(Mono::just)));
    }

    private Mono<Outcome> line(Application application, int index, byte[] line, @Nullable IdempotencyKey key) {
        if (index > 0 && index % RateLimits.ITEMS == 0) {
            limits.chargeBatch(application, RateLimits.ITEMS + 1);
        }
        try {
            return reception.sendOne(application, new Item(index, SendRequestReader.read(line)), key);
        } catch (Problem malformed) {
            return Mono.just(new Outcome.Refused(malformed));
        }
    }

    private static DataBuffer joined(List<byte[]> lines) {
        ByteArrayOutputStream octets = new ByteArrayOutputStream(lines.size() * 256);
        lines.forEach(octets::writeBytes);
        return DefaultDataBufferFactory.sharedInstance.wrap(octets.toByteArray());
    }

    private static Problem problem(Throwable error) {
        return error instanceof Problem problem
                ? problem
                : new Problem(ProblemType.INTERNAL_ERROR, "Something unexpected happened");
    }

    /** Puts an answer together. */
    private final class Answer {

        private final ServerHttpRequest request;
        private final String traceId;
        private final ByteArrayOutputStream octets = new ByteArrayOutputStream(64 * 1024);
        private int accepted;
        private int refused;

        Answer(ServerHttpRequest request) {
            this.request = request;
            this.traceId = ProblemBody.traceId(request);
        }

        @SuppressWarnings("ArrayRecordComponent")
        record Items(byte[] octets, int accepted, int refused) {}

        Items items(List<Item> chunk, List<Outcome> outcomes) {
            int taken = 0;
            for (Outcome outcome : outcomes) {
                taken += outcome instanceof Outcome.Taken ? 1 : 0;
            }
            byte[] array = SendResultWriter.json(generator -> {
                generator.writeStartArray();
                for (int i = 0; i < outcomes.size(); i++) {
                    write(generator, chunk.get(i).index(), outcomes.get(i));
                }
                generator.writeEndArray();
            });
            return new Items(array, taken, outcomes.size() - taken);
        }

        /** The items of an array without its brackets. */
        void add(Items items) {
            octets.writeBytes((octets.size() == 0 ? "{\"items\":[" : ",").getBytes(US_ASCII));
            octets.write(items.octets(), 1, items.octets().length - 2);
            accepted += items.accepted();
            refused += items.refused();
        }

        byte[] end() {
            octets.writeBytes(("],\"accepted\":" + accepted + ",\"refused\":" + refused + "}").getBytes(US_ASCII));
            return octets.toByteArray();
        }

        byte[] line(int index, Outcome outcome) {
            return SendResultWriter.json(generator -> {
                write(generator, index, outcome);
                generator.writeRaw('\n');
            });
        }

        byte[] broken(Problem problem) {
            return SendResultWriter.json(generator -> {
                generator.writeStartObject();
                write(generator, problem);
                generator.writeEndObject();
                generator.writeRaw('\n');
            });
        }

        private void write(JsonGenerator generator, int index, Outcome outcome) {
            generator.writeStartObject();
            generator.writeNumberProperty("index", index);
            switch (outcome) {
                case Outcome.Taken taken -> {
                    generator.writeName("message");
                    SendResultWriter.write(generator, taken.receipt());
                    if (taken.receipt().accepted().replayed()) {
                        generator.writeBooleanProperty("replayed", true);
                    }
                }
                case Outcome.Refused refusal -> write(generator, refusal.problem());
            }
            generator.writeEndObject();
        }

        private void write(JsonGenerator generator, Problem problem) {
            generator.writeName("problem");
            generator.writeRawValue(json.writeValueAsString(ProblemBody.of(problem, request, traceId)));
        }
    }
}
