import pandas as pd

# A sibling task: how warm was it, in each town and each month? Two tables in, one rectangle out.
readings = pd.DataFrame({
    "station": [1, 1, 2, 3],
    "month": ["May", "June", "May", "May"],
    "degrees": [14.0, 18.0, 11.0, 13.0],
})
stations = pd.DataFrame({"station": [1, 2, 3], "town": ["Oslo", "Bergen", "Bergen"]})

# First write the town beside each reading: both tables have a column `station`.
named = readings.merge(stations, on="station")
print(named)

# Then from long to wide: towns down, months across, degrees in the cells.
warmth = named.pivot_table(index="town", columns="month", values="degrees")
print(warmth)

# Bergen has two stations, so its cell for May is their mean; nobody measured there in June.
assert warmth.loc["Bergen", "May"] == 12.0
assert warmth.isna().loc["Bergen", "June"]
