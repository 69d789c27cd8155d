// @spacejunk/airlock 1.2.0: generated from the API file of 2023, over the fetch of Node. The same
// day as journey.py. It knows surveys wrapped and sent to the plain extraction only.
//
// node steer_airlock.mjs ADDRESS SYMBOL FOLDER, where FOLDER holds node_modules.

import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

const [address, symbol, folder] = process.argv.slice(2);
const { Configuration, ContractsApi, DefaultApi, FleetApi, SystemsApi } = createRequire(
  `${folder}/`,
)("@spacejunk/airlock");
const ORES = ["ALUMINUM_ORE", "COPPER_ORE", "IRON_ORE"];
const NEARLY_FULL = 36;

const stranger = new DefaultApi(new Configuration({ basePath: address }));
const registered = (await stranger.register({ symbol, faction: "COSMIC" })).data;
const config = new Configuration({ basePath: address, accessToken: registered.token });
const fleet = new FleetApi(config);
const contracts = new ContractsApi(config);

const waitUntil = async (time) => {
  await sleep(Math.max(0, Date.parse(time) - Date.now()) + 20);
};

const fly = async (ship, waypointSymbol) => {
  await fleet.dockShip(ship);
  await fleet.refuelShip(ship);
  await fleet.orbitShip(ship);
  const { data } = await fleet.navigateShip(ship, { waypointSymbol });
  await waitUntil(data.nav.route.arrival);
};

const held = (cargo, good) =>
  cargo.inventory.find((item) => item.symbol === good)?.units ?? 0;

const mine = async (ship, good, wanted) => {
  const { surveys, cooldown } = (await fleet.createSurvey(ship)).data;
  const share = (survey) =>
    survey.deposits.filter((deposit) => deposit.symbol === good).length / survey.deposits.length;
  const survey = surveys.reduce((best, next) => (share(next) > share(best) ? next : best));
  let ready = cooldown.expiration;
  let cargo = { units: 0, inventory: [] };
  while (held(cargo, good) < wanted && cargo.units < NEARLY_FULL) {
    await waitUntil(ready);
    const { data } = await fleet.extractResources(ship, { survey });
    ready = data.cooldown.expiration;
    cargo = data.cargo;
  }
  await waitUntil(ready);
};

const [ship] = (await fleet.getMyShips()).data.map((each) => each.symbol).sort();
const system = registered.agent.headquarters.replace(/-[^-]+$/, "");
const places = (await new SystemsApi(config).getSystem(system)).data.waypoints;
const rock = places.find((place) => place.type === "ENGINEERED_ASTEROID").symbol;
let contract = (await contracts.acceptContract(registered.contract.id)).data.contract;

const missing = () => contract.terms.deliver[0].unitsRequired - contract.terms.deliver[0].unitsFulfilled;

while (missing() > 0) {
  const { tradeSymbol, destinationSymbol } = contract.terms.deliver[0];
  await fly(ship, rock);
  await mine(ship, tradeSymbol, missing() + 1);
  await fly(ship, destinationSymbol);
  await fleet.dockShip(ship);
  const units = Math.min(held((await fleet.getMyShipCargo(ship)).data, tradeSymbol) - 1, missing());
  if (units > 0) {
    const body = { shipSymbol: ship, tradeSymbol, units };
    contract = (await contracts.deliverContract(contract.id, body)).data.contract;
  }
  for (const item of (await fleet.getMyShipCargo(ship)).data.inventory) {
    if (ORES.includes(item.symbol)) {
      await fleet.sellCargo(ship, { symbol: item.symbol, units: item.units });
    }
  }
}
await contracts.fulfillContract(contract.id);
console.log(JSON.stringify({ refused: "" }));
