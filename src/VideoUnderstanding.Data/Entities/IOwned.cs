namespace VideoUnderstanding.Data.Entities;

/// <summary>A row that belongs to one account and is invisible to all others.</summary>
public interface IOwned
{
    string AccountId { get; }
}
