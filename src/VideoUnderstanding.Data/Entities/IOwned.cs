namespace VideoUnderstanding.Data.Entities;

/// <summary>A row that belongs to one account and is visible only to it.</summary>
public interface IOwned
{
    string AccountId { get; }
}
