namespace VideoUnderstanding.Search.Confidence;

/// <summary>Makes the bank of one model on first use and keeps it. A failure is not kept: the model may be there the next time.</summary>
internal sealed class BankCache(Func<IReadOnlyList<string>, CancellationToken, Task<float[][]>> embed)
{
    private readonly Lock _gate = new();
    private Task<CaptionBank>? _made;

    public Task<CaptionBank> GetAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_made is null or { IsFaulted: true } or { IsCanceled: true })
                // Not bound to the first caller, who may go away while others wait.
                _made = Task.Run(async () => new CaptionBank(await embed(GenericCaptions.All, CancellationToken.None)),
                    CancellationToken.None);
            return _made.WaitAsync(cancellationToken);
        }
    }
}
