// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: the Aval authors
package eu.aval.server.carrier.plugin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/**
 * One call into a plugin. The plugin's code runs on the plugin's thread only, cancellation included; the clock runs on a
 * thread of the host. Whatever the plugin throws, emits twice or never emits, there is one {@link Answer}. The plugin
 * sees no Reactor context of ours.
 */
final class PluginCall<T> implements CoreSubscriber<T> {

    private static final int WAITING = 0;
    private static final int BEGUN = 1;
    private static final int OVER = 2;

    private final PluginThread thread;
    private final Supplier<@Nullable Mono<T>> code;
    private final MonoSink<Answer<T>> sink;
    private final AtomicInteger state = new AtomicInteger(WAITING);
    private final AtomicReference<@Nullable Subscription> subscription = new AtomicReference<>();
    private final Disposable.Swap timer = Disposables.swap();

    private PluginCall(PluginThread thread, Supplier<@Nullable Mono<T>> code, MonoSink<Answer<T>> sink) {
        this.thread = thread;
        this.code = code;
        this.sink = sink;
    }

    /** Never errors. */
    static <T> Mono<Answer<T>> on(PluginThread thread, Supplier<@Nullable Mono<T>> code, Duration timeout) {
        return Mono.<Answer<T>>create(sink -> {
                    var call = new PluginCall<>(thread, code, sink);
                    sink.onCancel(call::abandon);
                    call.timer.update(
                            Schedulers.parallel().schedule(call::silence, timeout.toMillis(), TimeUnit.MILLISECONDS));
                    if (!thread.enter(call)) {
                        call.silence();
                    }
                })
                .publishOn(Schedulers.parallel());
    }

    /** On the plugin's thread. */
    void begin() {
        if (!state.compareAndSet(WAITING, BEGUN)) {
            return;
        }
        try {
            Mono<T> answer = code.get();
            if (answer == null) {
                end(new Answer.Failed<>("null instead of a Mono", null));
            } else {
                answer.subscribe(this);
            }
        } catch (Throwable e) {
            onError(e);
        }
    }

    /** The time is over, or the plugin is. */
    void silence() {
        int before = state.getAndSet(OVER);
        if (before == OVER) {
            return;
        }
        settle(new Answer.Silent<>(before == BEGUN));
        thread.execute(this::cancelPlugin);
    }

    private void abandon() {
        if (state.getAndSet(OVER) != OVER) {
            timer.dispose();
            thread.leave(this);
            thread.execute(this::cancelPlugin);
        }
    }

    private void cancelPlugin() {
        var current = subscription.getAndSet(null);
        if (current != null) {
            try {
                current.cancel();
            } catch (Throwable e) {
                thread.complain("cancel", e);
            }
        }
    }

    private void end(Answer<T> answer) {
        if (state.getAndSet(OVER) != OVER) {
            settle(answer);
        }
    }

    private void settle(Answer<T> answer) {
        timer.dispose();
        thread.leave(this);
        sink.success(answer);
    }

    @Override
    public Context currentContext() {
        return Context.empty();
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription.set(given);
        if (state.get() == OVER) {
            cancelPlugin();
        } else {
            given.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(@Nullable T value) {
        end(value == null ? new Answer.Failed<>("null instead of a value", null) : new Answer.Value<>(value));
    }

    @Override
    public void onError(Throwable error) {
        end(new Answer.Failed<>(
                Faults.describe(error), error instanceof IllegalArgumentException ? error.getMessage() : null));
    }

    @Override
    public void onComplete() {
        end(new Answer.Nothing<>());
    }
}
