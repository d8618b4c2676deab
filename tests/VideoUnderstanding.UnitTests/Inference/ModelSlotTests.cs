using VideoUnderstanding.Inference;

namespace VideoUnderstanding.UnitTests.Inference;

public sealed class ModelSlotTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_model_is_loaded_once_and_polling_does_not_wait_for_it()
    {
        using var gate = new ManualResetEventSlim();
        var loads = 0;
        using var slot = new ModelSlot<string>(() =>
        {
            Interlocked.Increment(ref loads);
            gate.Wait(TimeLimit);
            return "model";
        });

        Assert.Null(slot.Poll());
        Assert.Null(slot.Poll());
        var waiting = slot.Start();
        Assert.False(waiting.IsCompleted);
        gate.Set();

        Assert.Equal("model", await waiting.WaitAsync(TimeLimit, TestContext.Current.CancellationToken));
        Assert.Equal("model", slot.Poll());
        Assert.Equal(1, loads);
    }

    [Fact]
    public async Task A_failed_load_is_thrown_to_waiting_callers_and_once_to_polling_ones_and_is_retried()
    {
        var loads = 0;
        using var slot = new ModelSlot<string>(() => ++loads == 1 ? throw new InvalidDataException("damaged") : "model");

        await Assert.ThrowsAsync<InvalidDataException>(() => slot.Start().WaitAsync(TimeLimit, TestContext.Current.CancellationToken));
        Assert.Throws<InvalidDataException>(() => slot.Poll());

        Assert.Null(slot.Poll());
        Assert.Equal("model", await slot.Start().WaitAsync(TimeLimit, TestContext.Current.CancellationToken));
        Assert.Equal(2, loads);
    }
}
